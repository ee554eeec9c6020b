"""Synthetic hospital data: departments, people, their work, and years of audit rows; the same seed, the same rows."""
