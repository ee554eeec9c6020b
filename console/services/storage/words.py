"""Bounds, spans and moments to come in a few cells: pure functions, which the panes and the commands share."""

from datetime import datetime

from console.iso import to_day, to_minute
from console.units import age, count

_UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def bound(value: datetime | int | None) -> str:
    """Where a range begins or ends: a day if a day begins there, else a moment; a number where it goes by number.

    >>> from datetime import UTC
    >>> bound(datetime(2026, 3, 12, tzinfo=UTC)), bound(datetime(2026, 3, 12, 4, 30, tzinfo=UTC)), bound(7000)
    ('2026-03-12', '2026-03-12 04:30', '7,000')
    """
    if value is None or isinstance(value, int):
        return count(value)
    return to_day(value) if (value.hour, value.minute) == (0, 0) else to_minute(value)


def span(value: float | None, *, by_number: bool = False) -> str:
    """How long a chunk is, or how old it gets; of tables by number, how many numbers.

    >>> span(604_800.0), span(90 * 86_400.0), span(7 * 31_557_600.0)
    ('7 d', '90 d', '7 y')
    >>> [span(value, by_number=True) for value in (5_000, 1_000_000, 1_234)]
    ['5 k', '1 M', '1,234']
    """
    if not by_number or not value:
        return age(value)
    size, unit = next(((size, unit) for size, unit in _UNITS if value % size == 0), (1, ""))
    return f"{count(value / size)} {unit}".strip()


def going_words(number: int, end: datetime | int | None) -> str:
    """How many chunks go next, and up to when their rows are.

    >>> going_words(1, 7000), going_words(12, 9000), going_words(0, None)
    ('1 chunk, up to 7,000', '12 chunks, up to 9,000', '')
    """
    return f"{count(number)} chunk{'s' if number > 1 else ''}, up to {bound(end)}" if number else ""


def ahead(moment: datetime | None, now: datetime) -> str:
    """When something is due.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    >>> [ahead(noon + timedelta(hours=hours), noon) for hours in (50, -1)], ahead(None, noon)
    (['in 2 d', 'due'], '')
    """
    if moment is None:
        return ""
    return f"in {age((moment - now).total_seconds())}" if moment > now else "due"
