"""Seals of the audit log, one a day and table: tamper-evident, because each is over the one before it."""
