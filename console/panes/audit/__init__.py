"""The audit pane: who did what to which patient."""
