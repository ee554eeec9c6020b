"""Asks everything that must hold: the migrations' own checks, then the guide's questions, then its two reports."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from console.db.database import LANES, Database, Lane
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import NoPrivilege, StatementFailed
from console.migrate import trust
from console.migrate.files import Folder
from console.migrate.flavour import Chosen
from console.migrate.models import APPLIED
from console.migrate.reports import Check
from console.migrate.standing import read_standing
from console.migrate.verify import verify_applied
from console.services.storage.chunks import read_chunks
from console.services.storage.tables import named, read_tables
from console.services.storage.words import bound
from console.services.verification.models import Held, Recent, RetentionStatus, Written

SCHEMA = Query(__package__, "schema")
PATIENTS = Query(__package__, "patients")
SIZES = Query(__package__, "sizes")
TEST_ROW = Query(__package__, "test_row")
RECENT = Query(__package__, "recent")
RETENTION = Query(__package__, "retention_status")

NEWEST = 10
"""Chunks that are told one by one."""

QUESTIONS = {SCHEMA: "Q1", PATIENTS: "Q5", SIZES: "Q7"}
"""The guide's numbers."""

ON_TIME = 60.0
"""Seconds by which a row's own time may be off."""


async def verify(
    target: Target, folder: Folder, *, flavour: Chosen | None = None, role: str | None = None
) -> list[Check]:
    """Everything that must hold; changes nothing: the one row that is written for a trial is rolled back."""
    async with _opened(target, "query", role, read_only=True) as session:
        found = await verify_applied(session, folder, flavour=flavour, role=role)
        standing = await read_standing(session, folder, flavour, role=role)
        applied = {row.version for row in standing.books.recorded if row.state in APPLIED}
        for query in (SCHEMA, SIZES, *([PATIENTS] if "004" in applied else [])):
            found += await _asked(session, query, applied)
        told = await _reports(session, found) if "005" in applied else None
    if told is not None:
        found += await _chunks(target, told)
    if "002" in applied:
        found.append(await _written(target, role))
    migrations = [check for check in found if check.id[0].isdigit()]
    return migrations + sorted((check for check in found if not check.id[0].isdigit()), key=lambda check: check.id)


@asynccontextmanager
async def _opened(target: Target, lane: Lane, role: str | None, *, read_only: bool) -> AsyncIterator[Session]:
    """A session in which tables are found by the role's own search path, as the migrations' functions find them."""
    settings = {name: value for name, value in LANES[lane].items() if name != "search_path"}
    async with await trust.opened(target, lane, settings=settings, read_only=read_only, role=role) as session:
        yield session


async def _asked(session: Session, query: Query, applied: Collection[str]) -> list[Check]:
    """The rows of one of the guide's questions; one that cannot be asked is one thing that does not hold."""
    params = {"versions": sorted(applied)} if query is SCHEMA else {}
    try:
        rows = await session.fetch(query, Held, **params)
    except StatementFailed as error:
        return [unasked(QUESTIONS[query], error)]
    return [Check(row.id, row.name, row.ok is True, row.expected, row.found, row.remedy) for row in rows]


async def _reports(session: Session, found: list[Check]) -> RetentionStatus | None:
    """Compare the report of recent rows with the rows; and what the report of chunks tells."""
    try:
        recent = await session.fetch_one(RECENT, Recent)
        told = await session.fetch_one(RETENTION, RetentionStatus)
    except StatementFailed as error:
        found.append(unasked("R1", error))
        return None
    said = "get_recent_audit_logs tells of every row of the last 24 hours"
    found.append(Check("R1", said, recent.told == recent.there, str(recent.there), str(recent.told)))
    return told


async def _chunks(target: Target, told: RetentionStatus) -> list[Check]:
    """The newest chunks, and whether the report of them tells the same as the panes."""
    async with Database(target) as db:
        table = named((await read_tables(db)).tables, "audit_logs")
        seen = await read_chunks(db, table.divided)
    parts = [chunk for chunk in seen.chunks if chunk.state != "default"]
    newest = ", ".join(f"{bound(chunk.start)} {chunk.state}" for chunk in reversed(parts[-NEWEST:]) if chunk.start)
    compressed = sum(chunk.part.compressed for chunk in parts)
    panes = f"{len(parts)} chunks, {compressed} compressed"
    report = f"{told.total_chunks} chunks, {told.compressed_chunks} compressed"
    edges = (parts[0].start, parts[-1].end) if parts else (None, None)
    return [
        Check("Q4", f"audit_logs is divided by time ({table.divided.kind})", bool(parts), "in chunks", panes),
        Check("Q8.1", f"the newest {NEWEST} chunks of audit_logs", bool(parts), "at least one", newest),
        Check("R2", "check_audit_retention_status counts the chunks that are there", panes == report, panes, report),
        Check("R3", "check_audit_retention_status tells from when to when they reach",
              edges == (told.oldest_chunk, told.newest_chunk), _span(*edges),
              _span(told.oldest_chunk, told.newest_chunk)),
    ]  # fmt: skip


async def _written(target: Target, role: str | None) -> Check:
    """Write an audit row, look at it, and take it back."""
    name = "an audit row can be written (it is taken back)"
    try:
        async with _opened(target, "act", role, read_only=False) as session:
            await session.execute("begin")
            try:
                row = await session.fetch_one(TEST_ROW, Written)
            finally:
                await session.execute("rollback")
    except StatementFailed as error:
        return replace(unasked("Q8.2", error), name=name)
    return Check("Q8.2", name, row.has_id and row.late is not None and row.late < ON_TIME, "id and time", "both")


def unasked(number: str, error: StatementFailed) -> Check:
    """A question that the server refused; what nobody can tell counts as no."""
    remedy = "Connect as a role that may read the tables." if isinstance(error, NoPrivilege) else error.hint or None
    return Check(number, f"question {number} can be asked", ok=False, found=error.message, remedy=remedy)


def _span(start: datetime | int | None, end: datetime | int | None) -> str:
    return f"{bound(start)} to {bound(end)}" if start and end else "nothing"
