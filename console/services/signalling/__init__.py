"""Stopping what a session does, or the session: the right one, or none."""
