"""How long what is said for a while stays in the way."""

OWN = 0.5
"""Seconds in which a page may change without taking a note with it: it was said because of that change."""


def reading_seconds(note: str) -> float:
    """How long a note stays: as long as it takes to find and read it.

    >>> [reading_seconds(note) for note in ("every 2 s", "x" * 120, "x" * 600)]
    [2.45, 8.0, 15.0]
    """
    return min(15.0, 2.0 + len(note) / 20)
