"""Least rights: the roles of the platform, what they may do, and who owns the audit rows."""
