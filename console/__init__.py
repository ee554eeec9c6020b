"""A terminal operations console for the PostgreSQL database of a hospital integration platform."""

__version__ = "0.1.0"
