"""Moments in ISO 8601, as a person or a script gives and reads them."""

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

Day = TypeVar("Day", date, datetime)


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


def shifted(at: Day, by: timedelta) -> Day:
    """So much later, or earlier, but never beyond the calendar: rows can be dated at its very ends.

    >>> month = timedelta(days=30)
    >>> print(shifted(datetime(1, 1, 2, tzinfo=UTC), -month), shifted(date(9999, 12, 30), month))
    0001-01-01 00:00:00+00:00 9999-12-31
    """
    try:
        return at + by
    except OverflowError:
        end = type(at).max if by > timedelta() else type(at).min
        return end.replace(tzinfo=at.tzinfo) if isinstance(end, datetime) and isinstance(at, datetime) else end


def to_day(at: date) -> str:
    """A day, or the day of a moment; four digits of the year, which strftime leaves out before the year 1000.

    >>> to_day(date(2026, 3, 14)), to_day(datetime(1, 2, 3, 4, 5))
    ('2026-03-14', '0001-02-03')
    """
    return at.isoformat()[:10]


def to_weekday(at: date) -> str:
    """The same with the day of the week.

    >>> to_weekday(date(2026, 3, 14))
    '2026-03-14 Sat'
    """
    return f"{to_day(at)} {at:%a}"


def to_minute(at: datetime, between: str = " ") -> str:
    """A moment to the minute, in its own zone, which is not said.

    >>> to_minute(datetime(2026, 3, 14, 3, 7, 59, tzinfo=UTC)), to_minute(datetime(622, 7, 16), "T")
    ('2026-03-14 03:07', '0622-07-16T00:00')
    """
    return at.isoformat(between)[:16]


def to_second(at: datetime) -> str:
    """A moment to the second, likewise.

    >>> to_second(datetime(2026, 3, 14, 3, 7, 59, 999999, tzinfo=UTC))
    '2026-03-14 03:07:59'
    """
    return at.isoformat(" ")[:19]


def to_microsecond(at: datetime, between: str = " ") -> str:
    """A moment to the microsecond, likewise.

    >>> to_microsecond(datetime(2026, 3, 14, 3, 7, tzinfo=UTC))
    '2026-03-14 03:07:00.000000'
    """
    return at.isoformat(between, "microseconds")[:26]
