"""Reviewing accesses: rules that find what somebody should look at, what became of it, and the proof that it was."""
