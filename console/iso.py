"""Moments in ISO 8601, as a person or a script gives them."""

from datetime import UTC, datetime


def utc(text: str) -> datetime:
    """The moment in UTC, which is also what one without an offset means; ValueError if it is none.

    >>> print(utc("2026-03-14T03:07:00.000001Z"), utc("2026-03-14 03:07"), utc("2026-03-14T03:07+05:00"))
    2026-03-14 03:07:00.000001+00:00 2026-03-14 03:07:00+00:00 2026-03-13 22:07:00+00:00
    >>> utc("0001-01-01T00:00+05:00")
    Traceback (most recent call last):
        ...
    ValueError: 0001-01-01T00:00+05:00 is before the year 1 or after the year 9999 in UTC
    """
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text} is before the year 1 or after the year 9999 in UTC") from None
