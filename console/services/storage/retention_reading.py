"""Asks what keeps rows and what drops them, when somebody wants to know: a tenth of a second for 5,000 chunks."""

from collections.abc import Sequence
from typing import Any

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.phi import AUDIT_TABLES
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.retention.holds import SIGHT, STANDING
from console.services.retention.models import Hold, Sight
from console.services.storage.aggregate_models import Continuous
from console.services.storage.aggregates import CONTINUOUS, EVENTS
from console.services.storage.models import Divided
from console.services.storage.retention import Found, Retention, retained
from console.services.storage.retention_models import AuditTable, CronDrop, LastRetired
from console.services.storage.tables import (
    CHUNKS,
    HYPERTABLES,
    PARTITIONED,
    PARTITIONS,
    POLICIES,
    as_of,
    rows_of,
)

AUDIT = Request(Query(__package__, "audit_tables"), AuditTable, {"names": list(AUDIT_TABLES)})
SEEN = Request(SIGHT, Sight)
HOLDS = Request(STANDING, Hold, {"table_schema": None, "table_name": None})
RETIRED = Request(Query(__package__, "last_retired"), LastRetired)
_CRON = Query(__package__, "cron_drops")


async def read_retention(db: Database) -> Retention:
    """What becomes of the rows of every table that is divided, and of audit rows wherever they lie."""
    able = await capabilities(db)
    first: list[Request[Any]] = [PULSE, SEEN, AUDIT, PARTITIONED, PARTITIONS]
    if able.has(Ability.HYPERTABLES):
        first += [HYPERTABLES, CHUNKS]
    if able.has(Ability.POLICIES):
        first += [POLICIES, CONTINUOUS]
    if able.readable(EVENTS):
        first.append(RETIRED)
    answers = await db.ask(*first)
    tables = [
        *answers.rows(PARTITIONED),
        *rows_of(answers, first, HYPERTABLES),
        *_behind(rows_of(answers, first, CONTINUOUS)),
    ]
    cron = Request(_CRON, CronDrop, {"tables": sorted({t.table_name for t in tables} | set(AUDIT_TABLES))})
    (sight,) = answers.rows(SEEN)
    second: list[Request[Any]] = [HOLDS] if sight.there and sight.readable else []
    if able.has(Ability.PG_CRON):
        second.append(cron)
    more = await db.ask(*second) if second else Answers()
    found = Found(
        tables,
        [*answers.rows(PARTITIONS), *rows_of(answers, first, CHUNKS)],
        rows_of(answers, first, POLICIES),
        answers.rows(AUDIT),
        rows_of(more, second, cron),
        rows_of(more, second, HOLDS),
        next((row.at for row in rows_of(answers, first, RETIRED)), None),
    )
    now = as_of(answers)
    return Retention(now, retained(found, now), list(lacking(able, sight)), sight.there and not sight.readable)


def _behind(aggregates: Sequence[Continuous]) -> list[Divided]:
    """Continuous aggregates as tables that may have a policy of their own, under the names of their views."""
    return [
        Divided(
            oid=each.parent, schema_name=each.schema_name, table_name=each.view_name, kind="hypertable", column=None,
            type=None, interval=None, interval_number=None, spaces=0, compression=False,
        )
        for each in aggregates
    ]  # fmt: skip


def lacking(able: Capabilities, sight: Sight) -> list[str]:
    """What a licence or a right keeps from being told."""
    said = []
    if able.flavour == "apache":
        said.append(able.missing(Ability.POLICIES))
    if sight.there and not sight.readable:
        user = quote(able.server.user)
        said.append(
            "Legal holds may stand here, and this role cannot see them all. "
            f"A superuser can show them: GRANT pg_monitor TO {user};"
        )
    if EVENTS in able.probe.unreadable:
        said.append(f"Whether emr-console maintain runs stands in {EVENTS}, which {able.server.user} may not read.")
    if able.has(Ability.PG_CRON) and not able.server.bypasses_rls:
        said.append(f"pg_cron shows {able.server.user} only its own jobs.")
    return said
