"""What a search amounts to, beside its pages: a histogram over its span, the most frequent values, the exact number.

Each is counted window by window, the latest first: seven years in one statement plan and lock every chunk there is, and
would take longer than the statement_timeout of a person's questions.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal, TypeVar
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.row import Row
from console.services.audit.export.windows import OLDEST
from console.services.audit.search import Ready, named, since
from console.services.audit.walk import SLOW

HISTOGRAM = Query(__package__, "histogram")
FACETS = Query(__package__, "facets")
EXACT = Query(__package__, "exact")

TOP = 20
"""So many values of each facet are shown."""

MOST = 5_000
"""So many values of each facet are counted in a window; of more users those with the fewest events there are not."""

WIDTH = timedelta(days=7)
"""How wide the first window is."""

CROWDED = 250_000
"""A window with fewer events, which took no longer than walk.SLOW, is followed by one of twice its width."""

INSTANT = timedelta(microseconds=1)
"""No two moments of the server are closer."""

STEPS = tuple(timedelta(seconds=s) for s in (60, 300, 900, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000))
"""How wide a bar can be: from a minute to thirty days."""


class Bar(Row):
    """One step of time."""

    at: datetime
    """Its beginning."""
    events: int
    """Events in it."""
    changes: int
    """Those of them that changed something."""


class Facet(Row):
    """One value and how often it occurs."""

    facet: Literal["user", "action", "entity", "system", "hour"]
    """What it is a value of; hour is that of the day, UTC."""
    value: str | None
    """The value; a user's is his id."""
    events: int
    """Events that have it."""


class Exact(Row):
    """A number that was counted."""

    events: int
    """Events."""


Counted = TypeVar("Counted", Bar, Facet, Exact)

Hear = Callable[[datetime], object]
"""Is told after each window how far back has been counted."""


def unheard(_back: datetime) -> None:
    """Nobody watches."""


def drawn_until(ready: Ready) -> datetime:
    """The end of a picture: the clock, where rows are dated ahead of it, or one of centuries would hide all others."""
    return ready.search.until if ready.of_ahead else min(ready.search.until, ready.here.now)


async def drawn_since(db: Database, ready: Ready) -> datetime:
    """Its beginning, likewise: one row of 1970 would hide all others from whoever has not said since when."""
    lower, begins = await since(db, ready), ready.here.now - OLDEST
    return max(lower, begins) if ready.search.since is None and begins < ready.search.until else lower


async def histogram(db: Database, ready: Ready, bars: int, hear: Hear = unheard) -> tuple[timedelta, list[Bar]]:
    """Bars over a search as far as it is drawn, at most about so many, and how wide one is; empty ones are left out."""
    lower, upper = await drawn_since(db, ready), drawn_until(ready)
    wide = step((upper - lower) / max(1, bars))
    events, changes = Counter[datetime](), Counter[datetime]()
    async for found in _counted(db, ready, hear, HISTOGRAM, Bar, step=wide.total_seconds(), origin=upper):
        for bar in found:
            events[bar.at] += bar.events
            changes[bar.at] += bar.changes
    return wide, [Bar(at=at, events=events[at], changes=changes[at]) for at in sorted(events)]


async def facets(db: Database, ready: Ready, hear: Hear = unheard) -> list[Facet]:
    """The most frequent values of each facet of a search; the names of its users are looked up, too."""
    events = Counter[tuple[str, str | None]]()
    async for found in _counted(db, ready, hear, FACETS, Facet, most=MOST):
        for each in found:
            events[each.facet, each.value] += each.events
    top = _top(events)
    await named(db, ready, [UUID(each.value) for each in top if each.facet == "user" and each.value])
    return top


async def exact(db: Database, ready: Ready, hear: Hear = unheard) -> int:
    """The number of all events of a search, counted."""
    return sum([each.events async for found in _counted(db, ready, hear, EXACT, Exact) for each in found])


async def _counted(
    db: Database, ready: Ready, hear: Hear, query: Query, model: type[Counted], **values: object
) -> AsyncIterator[list[Counted]]:
    """What a query counts in each window of a search."""
    (lower, upper), clock = await span(db, ready), ready.here.now
    width = WIDTH
    while True:
        start = clock if upper > clock > lower else upper - min(width, upper - lower)
        began = monotonic()
        found = await db.fetch(query, model, lower=start, upper=upper, **values, **ready.conditions)
        took = monotonic() - began
        yield found
        hear(start)
        if start <= lower:
            return
        upper = start - INSTANT
        # Each event is in one value of each facet; few may be found where many had to be read.
        events = sum(each.events for each in found if not isinstance(each, Facet) or each.facet == "action")
        if events < CROWDED and took <= SLOW:
            width *= 2


def _top(events: Counter[tuple[str, str | None]]) -> list[Facet]:
    """The most frequent values of each facet, of equally frequent ones the first by their letters."""
    ranked = sorted(events.items(), key=lambda each: (each[0][0], -each[1], each[0][1] or ""))
    places = Counter[str]()
    found: list[Facet] = []
    for (facet, value), times in ranked:
        places[facet] += 1
        if places[facet] <= TOP:
            found.append(Facet.model_validate({"facet": facet, "value": value, "events": times}))
    return found


async def span(db: Database, ready: Ready) -> tuple[datetime, datetime]:
    """The oldest moment that is wanted and can have rows, and the newest."""
    return await since(db, ready), ready.search.until


def step(least: timedelta) -> timedelta:
    """The narrowest usual step that is not narrower than this.

    >>> step(timedelta(hours=2)), step(timedelta(days=99))
    (datetime.timedelta(seconds=10800), datetime.timedelta(days=30))
    """
    return next((each for each in STEPS if each >= least), STEPS[-1])
