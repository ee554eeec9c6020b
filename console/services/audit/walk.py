"""The windowed keyset walk: pages of the audit log, newest first, at any depth for the price of one window.

A page asks one window of time; when that does not fill it, the next window reaches twice as far back, until the page is
full or the span is over. Nothing is read twice, and rows that are inserted meanwhile are newer than the walk.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.services.audit.models import Cursor, Event, Page
from console.services.audit.search import Ready, named, oldest

PAGE = Query(__package__, "page")

NARROW, WIDE = timedelta(days=1), timedelta(days=30)
"""How wide the first window is: of a search that most rows fulfil, and of one that few do."""

WIDEST = timedelta(days=366 * 100)
"""No window is wider than the calendar."""

FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
"""Before and after every id."""


async def page(db: Database, ready: Ready, most: int, cursor: Cursor | None = None) -> Page:
    """The next page, whole; `most` is at least 1."""
    parts = [part async for part in parts_of(db, ready, most, cursor)]
    rows = tuple(row for part in parts for row in part.rows)
    return Page(rows, parts[-1].searched_from, parts[0].searched_to, parts[-1].following)


async def parts_of(db: Database, ready: Ready, most: int, cursor: Cursor | None = None) -> AsyncIterator[Page]:
    """The same as it comes in, a part for each window: how far back it has looked, and what it has found there."""
    here = cursor or Cursor(ready.search.until, LAST_ID, (WIDE if ready.selective else NARROW).total_seconds())
    end = await _end(db, ready)
    left = most
    while True:
        part = await _window(db, ready, here, end, left)
        yield part
        left -= len(part.rows)
        if part.following is None or left <= 0:
            return
        here = part.following


async def _end(db: Database, ready: Ready) -> datetime:
    """The oldest moment that is wanted and can have rows."""
    if ready.search.since is not None:
        return ready.search.since
    first = (await oldest(db, ready.here)).oldest
    return ready.search.until if first is None else min(first, ready.search.until)


async def _window(db: Database, ready: Ready, here: Cursor, end: datetime, most: int) -> Page:
    lower = max(end, here.at - timedelta(seconds=here.width))
    found = await db.fetch(PAGE, Event, upper=here.at, upper_id=here.id, lower=lower, most=most + 1, **ready.conditions)
    await named(db, ready, [event.user_id for event in found])
    rows = tuple(event.model_copy(update={"user": ready.users.get(event.user_id)}) for event in found[:most])
    if len(found) > most:
        return Page(rows, rows[-1].created_at, here.at, Cursor(rows[-1].created_at, rows[-1].id, here.width))
    # Rows of the very moment at its lower end were in this window, whatever their id.
    following = None if lower <= end else Cursor(lower, FIRST_ID, min(2 * here.width, WIDEST.total_seconds()))
    return Page(rows, lower, here.at, following)
