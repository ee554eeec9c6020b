"""Moments as a person types them and reads them; all of them are UTC."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from console.errors import UsageError
from console.iso import to_second, utc
from console.ui.columns import Kind
from console.ui.quantities import quantity

_STEP = re.compile(r"([+-])\s*(.+)")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def meant(text: str, here: datetime, last: datetime) -> datetime:
    """A time of day, the latest such that has been; a date with a time; or a step from here. UsageError if none.

    >>> night, morning = datetime(2026, 3, 14, 3, 12, tzinfo=UTC), datetime(2026, 3, 14, 9, tzinfo=UTC)
    >>> [f"{meant(text, night, morning):%d. %H:%M:%S}" for text in ("03:12", "23:50:10", "-10m", "2026-03-13 22:00")]
    ['14. 03:12:00', '13. 23:50:10', '14. 03:02:00', '13. 22:00:00']
    >>> meant("-9999999d", night, morning)
    Traceback (most recent call last):
        ...
    console.errors.UsageError: "-9999999d" is no moment; 03:12, 2026-03-14 03:12, -10m and +30s are.
    """
    text = text.strip()
    try:
        if step := _STEP.fullmatch(text):
            return here + timedelta(seconds=float(f"{step[1]}{quantity(step[2], Kind.SECONDS)}"))
        if _TIME.fullmatch(text):
            found = datetime.combine(last.date(), time.fromisoformat(text.zfill(5 if text.count(":") == 1 else 8)), UTC)
            return found if found <= last else found - timedelta(days=1)
        return utc(text)
    except (ValueError, OverflowError):
        raise UsageError(f'"{text}" is no moment; 03:12, 2026-03-14 03:12, -10m and +30s are.') from None


FIRST = "This is the first moment that is known."
"""What is said where somebody wants to go back further."""

LAST = "This is the last moment of the recording."
"""What is said where somebody wants to go on."""


def beyond(moments: Sequence[datetime], wanted: datetime) -> str:
    """What is said where a moment lies before the first or after the last of these; empty where it does not.

    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> beyond([noon, noon + timedelta(hours=1)], noon - timedelta(minutes=1))
    'This is the first moment that is known. The recording is from 2026-03-14 12:00:00 UTC to 2026-03-14 13:00:00 UTC.'
    >>> beyond([noon], noon)
    ''
    """
    if moments[0] <= wanted <= moments[-1]:
        return ""
    return f"{FIRST if wanted < moments[0] else LAST} The recording is from {said(moments[0])} to {said(moments[-1])}."


def said(moment: datetime, *, day: bool = True) -> str:
    """A moment as a person reads it.

    >>> said(datetime(2026, 3, 14, 3, 12, 5, tzinfo=UTC)), said(datetime(2026, 3, 14, 3, 12, tzinfo=UTC), day=False)
    ('2026-03-14 03:12:05 UTC', '03:12:00 UTC')
    """
    return f"{to_second(moment)} UTC" if day else f"{moment:%H:%M:%S} UTC"
