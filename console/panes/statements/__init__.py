"""What is slow: what statements have cost since the last reset, what is hot now, and what has been running for long."""
