"""Who did what to which patient: searching the audit log, and writing down that somebody has searched."""
