"""The audit log: searching it, and writing down who has."""
