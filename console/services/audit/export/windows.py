"""An export is read window by window, oldest first: each asks for a few chunks or partitions and no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

WEEK = timedelta(days=7)
"""A partition or chunk; they begin on Thursdays, as the weeks of the Unix epoch do."""

NARROW, WIDE = WEEK, 13 * WEEK
"""How wide a window is: of a search that most rows fulfil, and of one that few do."""

OLDEST = timedelta(days=7_305)
"""Twenty years, of which retention keeps seven: what is older was hardly written then."""

INSTANT = timedelta(microseconds=1)
"""No two moments of the server are closer."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def windows(lower: datetime, upper: datetime, width: timedelta, clock: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The whole span in windows, both ends of each belonging to it, that end where weeks do.

    What is dated ahead of the clock is one, and so is what is older than OLDEST: they may be dated centuries away.

    >>> noon = datetime(2026, 3, 12, 12, tzinfo=UTC)
    >>> for each in windows(datetime(2026, 3, 3, tzinfo=UTC), noon, WEEK, noon):
    ...     print(*each)
    2026-03-03 00:00:00+00:00 2026-03-04 23:59:59.999999+00:00
    2026-03-05 00:00:00+00:00 2026-03-11 23:59:59.999999+00:00
    2026-03-12 00:00:00+00:00 2026-03-12 12:00:00+00:00
    >>> len([*windows(datetime(1, 1, 2, tzinfo=UTC), noon, WEEK, noon)])
    1046
    """
    begins = clock - OLDEST
    if lower < begins:
        yield lower, min(upper, begins - INSTANT)
        lower = begins
    while lower <= min(upper, clock):
        following = _EPOCH + ((lower - _EPOCH) // width + 1) * width
        yield lower, min(upper, following - INSTANT)
        lower = following
    if lower <= upper:
        yield lower, upper
