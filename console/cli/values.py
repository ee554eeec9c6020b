"""Values as they are typed behind options of several commands: days, moments, spans, folders."""

import argparse
from datetime import date, datetime
from pathlib import Path

from console.iso import utc


def day(text: str) -> date:
    """A day, such as 2026-03-14.

    >>> print(day("2026-03-14"))
    2026-03-14
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-03-14.") from None


def moment(text: str) -> datetime:
    """A date or a time; without an offset it is in UTC.

    >>> print(moment("2026-03-14T03:07:00.000001Z"), moment("2026-03-14"))
    2026-03-14 03:07:00.000001+00:00 2026-03-14 00:00:00+00:00
    """
    try:
        return utc(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date or time such as 2026-01-31T12:00") from None


def seconds(text: str) -> float:
    """A span that ends.

    >>> seconds("1.5")
    1.5
    """
    span = float(text)
    if not 0 <= span < 1e9:
        raise ValueError(text)
    return span


def directory(text: str) -> Path:
    """A folder; nothing typed is none."""
    if not text.strip():
        raise ValueError(text)
    return Path(text)
