"""Moments that are written down, and shown again."""
