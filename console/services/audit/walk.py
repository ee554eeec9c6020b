"""The windowed keyset walk: pages of the audit log, newest first, at any depth for the price of one window.

A page asks one window of time; when that does not fill it, the next window reaches twice as far back, until the page is
full or the span is over. The page behind a full one begins with a window as wide as two such pages: each chunk or
partition in a window is planned, whether it is read or not. Nothing is read twice, and rows that are inserted meanwhile
are newer than the walk.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

from console.db.database import Database
from console.db.query import Query
from console.services.audit.models import Cursor, Event, Page
from console.services.audit.search import Ready, named, since

PAGE = Query(__package__, "page")

NARROW, WIDE = timedelta(days=1), timedelta(days=30)
"""How wide the first window is: of a search that most rows fulfil, and of one that few do."""

NARROWEST, WIDEST = timedelta(hours=1), timedelta(days=366 * 100)
"""Behind a full page no window is narrower, however crowded it was; and none is wider than the calendar."""

PAGES = 2
"""A window behind a full page is as wide as so many of its kind: the next may be sparser."""

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
    left = most
    while True:
        part = await _window(db, ready, here, left, most)
        yield part
        left -= len(part.rows)
        if part.following is None or left <= 0:
            return
        here = part.following


async def _window(db: Database, ready: Ready, here: Cursor, left: int, most: int) -> Page:
    """At most as many rows as are left of a page."""
    lower = here.at - timedelta(seconds=here.width)
    if ready.search.since is not None:
        lower = max(lower, ready.search.since)
    found = await db.fetch(PAGE, Event, upper=here.at, upper_id=here.id, lower=lower, most=left + 1, **ready.conditions)
    await named(db, ready, [event.user_id for event in found])
    rows = tuple(event.model_copy(update={"user": ready.name(event.user_id)}) for event in found[:left])
    if len(found) > left:
        return Page(rows, rows[-1].created_at, here.at, _behind(here, rows, most))
    # Where the log begins is worth a question only when nothing is found.
    end = ready.begins if found and ready.search.since is None else await since(db, ready)
    if end is not None and lower <= end:
        return Page(rows, end, here.at, None)
    # Rows of the very moment at its lower end were in this window, whatever their id.
    return Page(rows, lower, here.at, Cursor(lower, FIRST_ID, min(2 * here.width, WIDEST.total_seconds())))


def _behind(here: Cursor, rows: Sequence[Event], most: int) -> Cursor:
    """Where a full page ends, and how wide the next window is: by how close its last rows are to each other."""
    last = rows[-1]
    newest = rows[0].created_at if len(rows) > 1 else here.at
    wide = PAGES * most * (newest - last.created_at).total_seconds() / len(rows)
    return Cursor(last.created_at, last.id, min(here.width, max(wide, NARROWEST.total_seconds())))
