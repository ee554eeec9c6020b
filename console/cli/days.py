"""Days as options take them."""

import argparse
from datetime import date


def day(text: str) -> date:
    """A day, such as 2026-03-14.

    >>> print(day("2026-03-14"))
    2026-03-14
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-03-14.") from None
