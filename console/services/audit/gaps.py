"""Days on which nothing was written into the audit log: perhaps nobody worked, perhaps somebody took rows away."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from console.db.database import Database
from console.db.query import Query
from console.row import Row
from console.services.audit.models import Oldest
from console.services.audit.search import Ready, oldest

SILENT = Query(__package__, "silent_days")
FIRST = Query(__package__, "first_within")

WINDOW = timedelta(days=28)
"""Asked about at once: four or five chunks."""

DAY = timedelta(days=1)


class Silent(Row):
    """A day without events."""

    day: datetime
    """Its beginning."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without events, UTC."""

    first: datetime
    """The beginning of the first."""
    last: datetime
    """The beginning of the last."""

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a window."""

    searched_from: datetime
    """Down to which moment has been looked."""
    silent: tuple[datetime, ...]
    """Days without events, the latest first."""


async def silent_days(db: Database, ready: Ready) -> AsyncIterator[Looked]:
    """Window by window, the latest first, whole days only; what is before the first row of all is no gap."""
    first = await _beginning(db, ready)
    if first is None:
        return
    lower, upper = _next_day(first), _day(ready.search.until)
    while upper > lower:
        start = upper - min(WINDOW, upper - lower)
        found = await db.fetch(SILENT, Silent, lower=start, upper=upper)
        yield Looked(start, tuple(each.day for each in found))
        upper = start


async def _beginning(db: Database, ready: Ready) -> datetime | None:
    """Where a person wants to begin, or with the very first event: its partition may begin days before it."""
    lower = (await oldest(db, ready.here)).oldest
    if ready.search.since is not None and (lower is None or lower < ready.search.since):
        return ready.search.since
    while lower is not None and lower < ready.search.until:
        found = (await db.fetch(FIRST, Oldest, lower=lower, upper=lower + WINDOW))[0].oldest
        if found is not None:
            return found
        lower += WINDOW
    return None


def gaps(days: Sequence[datetime]) -> list[Gap]:
    """Days that follow one another as one gap; the latest first, as the days come.

    >>> found = gaps([datetime(2026, 3, day, tzinfo=UTC) for day in (14, 9, 8, 7)])
    >>> [(f"{gap.first:%d}", f"{gap.last:%d}", gap.days) for gap in found]
    [('14', '14', 1), ('07', '09', 3)]
    """
    found: list[Gap] = []
    for day in days:
        if found and found[-1].first - day == DAY:
            found[-1] = Gap(day, found[-1].last)
        else:
            found.append(Gap(day, day))
    return found


def _day(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def _next_day(moment: datetime) -> datetime:
    return _day(moment) if moment == _day(moment) else _day(moment) + DAY
