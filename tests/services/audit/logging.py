"""Audit rows for tests, as the application writes them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import psycopg

from console.db.database import Database
from console.services.audit import search, walk
from console.services.audit.models import Event, Page

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
UNTIL = f"until:{NOON:%Y-%m-%dT%H:%M}"
ANA, BEN = UUID(int=1), UUID(int=2)
COLUMNS = (
    "id", "created_at", "action", "entity_type", "entity_id", "user_id", "changes", "ip_address", "user_agent",
    "session_id", "emr_system", "emr_patient_id", "request_id", "metadata",
)  # fmt: skip


def event(at: datetime, **known: object) -> dict[str, object]:
    """One row; what is not said is as usual."""
    usual: dict[str, object] = {
        "id": uuid4(), "created_at": at, "action": "VIEW", "entity_type": "PATIENT", "entity_id": UUID(int=77),
        "user_id": ANA, "changes": "{}", "ip_address": "10.2.3.4", "user_agent": "EMR-Web/7.0", "session_id": None,
        "emr_system": None, "emr_patient_id": None, "request_id": uuid4(), "metadata": None,
    }  # fmt: skip
    return usual | known


def write(dsn: str, events: Iterable[dict[str, object]]) -> None:
    """Put rows into the audit log, with partitions for their weeks and for no other."""
    rows = list(events)
    weeks = {_week(cast(datetime, row["created_at"])) for row in rows}
    marks = ", ".join(f"%({column})s" for column in COLUMNS)
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as connection:
        if connection.execute("select to_regproc('audit_ensure_partitions')").fetchone() != (None,):
            make = (
                "select audit_ensure_partitions(week, week + interval '1 day') from unnest(%s::timestamptz[]) as week"
            )
            connection.execute(make, [sorted(weeks)])
        connection.cursor().executemany(f"insert into audit_logs ({', '.join(COLUMNS)}) values ({marks})", rows)


def _week(moment: datetime) -> datetime:
    """The beginning of its partition."""
    return moment - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % timedelta(days=7)


def users(dsn: str, **ids: UUID) -> None:
    """Users of the platform, by name."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, id_ in ids.items():
            connection.execute(
                "insert into users (id, username, email, role, password_hash) values (%s, %s, %s, 'NURSE', 'x')",
                (id_, name, f"{name}@example.org"),
            )


async def walked(db: Database, text: str, most: int = 7) -> list[Event]:
    """Every row of a search, page by page."""
    ready = await search.ready(db, text)
    page: Page | None = None
    found: list[Event] = []
    while page is None or page.following:
        page = await walk.page(db, ready, most, page.following if page else None)
        found += page.rows
    return found


def by_hand(dsn: str, condition: str, *values: object) -> list[UUID]:
    """The ids that one plain statement finds, newest first."""
    with psycopg.connect(dsn) as connection:
        statement = f"select id from audit_logs a where {condition} order by created_at desc, id desc"
        return [row[0] for row in connection.execute(statement, values)]


def ago(**span: float) -> datetime:
    """A moment before noon."""
    return NOON - timedelta(**span)


def ids(events: Sequence[Event]) -> list[UUID]:
    """The ids of rows, in their order."""
    return [each.id for each in events]


def note(**known: object) -> str:
    """Metadata of a row."""
    return json.dumps(known)
