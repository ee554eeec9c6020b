"""Moments as whole microseconds since 1970 UTC: cheap to draw, to sort and to write ten million times."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
"""Begins on Thursday 00:00 UTC, as 1970 did; so do the partitions."""

# A few days less than seven years, or retention would be about to drop the oldest week of every demo.
SPAN = 2_550 * DAY

# The hospital grows: the last week has this much more traffic than the first, as a share of the first.
GROWTH = 1.5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Filled on first use: every run of the demo imports this, few write a moment.
_days: dict[int, str] = {}
_clock: list[str] = []


def of(moment: datetime) -> int:
    """A moment as microseconds.

    >>> of(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    True
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The other way round.

    >>> moment(DAY)
    datetime.datetime(1970, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(microseconds=microseconds)


def text(moment: int) -> str:
    """A moment as PostgreSQL reads it.

    >>> text(DAY + 5 * HOUR + 7)
    '1970-01-02 05:00:00.000007+00'
    """
    day, rest = divmod(moment, DAY)
    named = _days.get(day) or _named(day)
    return f"{named}{_clock[rest // SECOND]}.{rest % SECOND:06d}+00"


def _named(day: int) -> str:
    if not _clock:
        _clock.extend(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400))
    named = _days[day] = (_EPOCH + timedelta(days=day)).strftime("%Y-%m-%d ")
    return named


@dataclass(frozen=True, slots=True)
class Period:
    """The years that the data cover."""

    start: int
    """The first moment."""
    end: int
    """The last moment: what the data call now."""

    def at(self, share: float) -> int:
        """When this share of everything had happened; traffic grows, so half of it is younger than the middle.

        >>> Period(0, 100).at(0.0), Period(0, 100).at(0.5), Period(0, 100).at(1.0)
        (0, 60, 100)
        """
        part = ((1 + 2 * GROWTH * share * (1 + GROWTH / 2)) ** 0.5 - 1) / GROWTH
        return self.start + int(part * (self.end - self.start))

    def share(self, moment: int) -> float:
        """How much of everything had happened by then; the inverse of `at`.

        >>> round(Period(0, 100).share(60), 2)
        0.5
        """
        part = min(1.0, max(0.0, (moment - self.start) / (self.end - self.start)))
        return (part + GROWTH * part * part / 2) / (1 + GROWTH / 2)

    def weeks(self) -> list[tuple[int, int]]:
        """First and last moment of every week of the period, as the partitions cut it."""
        first, last = self.start // WEEK, (self.end - 1) // WEEK
        return [(max(self.start, w * WEEK), min(self.end, (w + 1) * WEEK)) for w in range(first, last + 1)]


def until(end: datetime) -> Period:
    """The period that ends at this moment."""
    return Period(of(end) - SPAN, of(end))
