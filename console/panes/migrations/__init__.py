"""Where the schema stands: every migration, when it was applied, by whom, and what it says."""
