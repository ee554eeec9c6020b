"""Locks: what one session or prepared transaction has and wants, and how a lock is called."""
