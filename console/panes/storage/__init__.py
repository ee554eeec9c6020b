"""Hypertables and partitions with their chunks, aggregates, retention: what is stored, how, and what goes next."""
