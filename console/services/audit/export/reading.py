"""The events of an export as COPY sends them, from one snapshot, window by window."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime

from console.db.inline import inlined
from console.db.query import Query
from console.db.session import Session
from console.services.audit.export import formats
from console.services.audit.export.models import Snapshot, Wanted
from console.services.audit.export.windows import NARROW, WIDE, windows
from console.services.audit.revealing import REASONS
from console.services.audit.search import Ready
from console.sql.masks import LARGEST

SNAPSHOT = Query(__package__, "snapshot")


async def snapshot(session: Session) -> Snapshot:
    """What this transaction sees; from now on its locks are given back with each window."""
    seen = await session.fetch_one(SNAPSHOT, Snapshot)
    await session.execute("savepoint between_windows")
    return seen


async def blocks(
    session: Session, ready: Ready, wanted: Wanted, span: tuple[datetime, datetime]
) -> AsyncGenerator[tuple[int, bytes, datetime | None], None]:
    """So many rows and their bytes, oldest first; where a window ends none, and through when everything has come.

    Going back to the savepoint gives the locks of a window back and keeps the snapshot: seven years of weeks would
    otherwise take thousands of them.
    """
    for lower, upper in windows(*span, WIDE if ready.selective else NARROW, ready.here.now):
        async with aclosing(session.copy_out(statement(ready, wanted, lower, upper))) as rows:
            async for count, block in rows:
                yield count, block, None
        await session.execute("rollback to between_windows")
        yield 0, b"", upper


def statement(ready: Ready, wanted: Wanted, lower: datetime, upper: datetime) -> str:
    """The COPY of one window; it takes no parameters, so the values stand in it as constants."""
    layout = formats.LAYOUTS[wanted.layout]
    values = {"lower": lower, "upper": upper, "masked": wanted.masked, "largest": LARGEST, "codes": list(REASONS)}
    return _copy(wanted, inlined(layout.named if ready.here.users else layout.nameless, **values, **ready.conditions))


def of_findings(wanted: Wanted, findings: str) -> str:
    """The COPY of findings, which are JSON."""
    return _copy(wanted, inlined(formats.LAYOUTS[wanted.layout].named, findings=findings))


def _copy(wanted: Wanted, events: str) -> str:
    rows = inlined(formats.LAYOUTS[wanted.layout].formats[wanted.format], masked=wanted.masked)
    return f"copy (with e as ({events}) {rows}) to stdout{formats.options(wanted.format)}"
