"""The database as a whole: its size, what it counts, how far it is from trouble, the settings that matter."""
