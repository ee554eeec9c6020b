"""What a search amounts to, beside its pages: a histogram over its span, the most frequent values, the exact number."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.row import Row
from console.services.audit.search import Ready, named, since

HISTOGRAM = Query(__package__, "histogram")
FACETS = Query(__package__, "facets")
EXACT = Query(__package__, "exact")

TOP = 20
"""So many values of each facet are shown."""

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
    """What it is a value of; hour is that of the day, in the server's time zone."""
    value: str | None
    """The value; a user's is his id."""
    events: int
    """Events that have it."""


class Exact(Row):
    """A number that was counted."""

    events: int
    """Events."""


async def histogram(db: Database, ready: Ready, bars: int) -> tuple[timedelta, list[Bar]]:
    """Bars over the whole span of a search, at most about so many, and how wide one is; empty ones are left out."""
    lower, upper = await span(db, ready)
    wide = step((upper - lower) / max(1, bars))
    found = await db.fetch(HISTOGRAM, Bar, step=wide.total_seconds(), lower=lower, upper=upper, **ready.conditions)
    return wide, found


async def facets(db: Database, ready: Ready) -> list[Facet]:
    """The most frequent values of each facet of a search; the names of its users are looked up, too."""
    lower, upper = await span(db, ready)
    found = await db.fetch(FACETS, Facet, top=TOP, lower=lower, upper=upper, **ready.conditions)
    await named(db, ready, [UUID(each.value) for each in found if each.facet == "user" and each.value])
    return found


async def exact(db: Database, ready: Ready) -> int:
    """The number of all events of a search, counted."""
    lower, upper = await span(db, ready)
    return (await db.fetch(EXACT, Exact, lower=lower, upper=upper, **ready.conditions))[0].events


async def span(db: Database, ready: Ready) -> tuple[datetime, datetime]:
    """The oldest moment that is wanted and can have rows, and the newest."""
    return await since(db, ready), ready.search.until


def step(least: timedelta) -> timedelta:
    """The narrowest usual step that is not narrower than this.

    >>> step(timedelta(hours=2)), step(timedelta(days=99))
    (datetime.timedelta(seconds=10800), datetime.timedelta(days=30))
    """
    return next((each for each in STEPS if each >= least), STEPS[-1])
