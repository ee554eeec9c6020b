"""A backup that is proved: one snapshot, what every table held in it, and how to restore it, beside the dump."""
