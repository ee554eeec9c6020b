"""Asks for the tables, and on request what they really take."""

from dataclasses import replace
from datetime import UTC, datetime

from console.db.database import Database
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.panes.database.tables.models import Detail, Hypertable, Measured, Relation, Table, Tables, folded
from console.services.health.thresholds import thresholds
from console.services.health.vacuum import behind

TABLES = Query(__package__, "tables")
HYPERTABLES = Query(__package__, "hypertables")
MEASURED = Query(__package__, "measured")
TABLE = Query(__package__, "table")

MOST = 1_000
"""Tables that are listed; of more the largest."""


async def read_tables(db: Database) -> Tables:
    """Every table of the database's own schemas, the largest first."""
    relations = Request(TABLES, Relation, {"most": MOST})
    server = await db.server()
    known = Request(HYPERTABLES, Hypertable)
    answers = await db.pipeline(relations, *([known] if server.timescaledb else []))
    found, pulse = answers.rows(relations), answers.optional(PULSE)
    note, hypertables = "", []
    if server.timescaledb:
        refused = answers.error(known)
        note = f"Which tables are hypertables could not be asked: {refused.sentence()}" if refused else ""
        hypertables = [] if refused else answers.rows(known)
    limits = thresholds(db.target.profile)
    tables = [
        replace(table, level=behind(table.relation.overdue_share, limits).level) for table in folded(found, hypertables)
    ]
    return Tables(pulse.as_of if pulse else datetime.now(UTC), tables, len(found) == MOST, note)


async def measure(db: Database) -> dict[int, int]:
    """Bytes on disk by table; looks at every file, so only where a person waits for it."""
    server = await db.server()
    sizes = {row.oid: row.bytes for row in await db.fetch(MEASURED, Measured)}
    if server.timescaledb:
        for known in await db.fetch(HYPERTABLES, Hypertable):
            sizes[known.oid] = sizes.get(known.oid, 0) + sizes.pop(known.compressed or 0, 0)
    return sizes


async def detail(db: Database, table: Table) -> Detail | None:
    """More of one table; None where it is gone."""
    rows = await db.fetch(TABLE, Detail, oid=table.relation.oid)
    return rows[0] if rows else None
