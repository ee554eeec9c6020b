"""Partitions of the plain flavour: those that are there, and one that is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.iso import to_minute
from console.services.retention import floor
from console.services.retention.holds import UNCHANGED, require_free
from console.services.retention.models import Place
from console.services.storage.chunks import by_range
from console.services.storage.models import Divided, Part
from console.services.storage.tables import PARTITIONED, PARTITIONS
from console.services.storage_actions.models import Clock
from console.services.storage_actions.plan import Plan, Said
from console.units import number_of

_CLOCK = Query(__package__, "clock")


async def tables(session: Session) -> list[Divided]:
    """The tables that are partitioned by range."""
    return await session.fetch(PARTITIONED.query, Divided)


async def read(session: Session, table: Divided) -> list[Part]:
    """The partitions of a table, the oldest first, DEFAULT last."""
    return sorted(await session.fetch(PARTITIONS.query, Part, oid=table.oid), key=by_range)


async def clock(session: Session) -> datetime:
    """The server's time."""
    return (await session.fetch_one(_CLOCK, Clock)).now


def spelled(schema: str, name: str) -> str:
    """A relation as statements spell it.

    >>> spelled("public", "audit_logs")
    '"public"."audit_logs"'
    """
    return f"{quote(schema)}.{quote(name)}"


async def count(session: Session, part: Part) -> int:
    """Its rows, counted."""
    _, ((rows,),) = await session.rows(f"select count(*) from {spelled(part.schema_name, part.chunk_name)}")
    return int(rows)


def expired(parts: Sequence[Part], before: datetime) -> list[Part]:
    """Those of which every row is older than a moment."""
    return [each for each in parts if each.range_end is not None and each.range_end <= before]


def place_of(table: Divided) -> Place:
    """The table as holds name it."""
    return Place(table_schema=table.schema_name, table_name=table.table_name)


def drop(table: Divided, part: Part, *, now: datetime, rows: int) -> Plan:
    """Detach and drop one partition, in one transaction: detached, it has no trigger that keeps its rows.

    Refused below the floor. `now` is the server's time, `rows` what was counted.
    """
    verdict = require_old(table, part, now)
    told, name = place_of(table).told, spelled(part.schema_name, part.chunk_name)
    dropping = _Dropping(table, part, rows)
    return Plan(
        kind="partition.drop",
        target=told,
        title=f"Drop partition {part.label} of {told}",
        label=part.chunk_name,
        facts=(
            ("rows", f"{rows:,}"),
            ("from", bound(part.range_start)),
            ("to", bound(part.range_end)),
            *((("policy", verdict.sentence),) if verdict.sentence else ()),
        ),
        statements=(
            f"alter table {spelled(table.schema_name, table.table_name)}\n    detach partition {name}",
            f"drop table {name}",
        ),
        consequence=f"{number_of(rows, 'row')} in it: gone for good.",
        verb="drop",
        typed=part.chunk_name,
        check=dropping.check,
        verify=dropping.verify,
    )


@dataclass(slots=True)
class _Dropping:
    """What is looked at in the transaction that drops a partition."""

    table: Divided
    part: Part
    rows: int

    async def check(self, session: Session) -> None:
        """No hold, no younger than the floor, and still the partition and the rows that somebody has agreed to lose.

        From here on nobody writes to it: what came in after it was counted would be lost unseen.
        """
        await require_free(session, place_of(self.table))
        there = {each.oid: each for each in await read(session, self.table)}
        found = there.get(self.part.oid)
        if found is None or (found.range_start, found.range_end) != (self.part.range_start, self.part.range_end):
            raise Refused(
                f"{self.part.label} is not the partition any more that it was.",
                state=UNCHANGED,
                hint="Look again, then decide.",
            )
        require_old(self.table, found, await clock(session))
        await session.execute(f"lock table {spelled(found.schema_name, found.chunk_name)} in share mode")
        rows = await count(session, found)
        if rows != self.rows:
            raise Refused(
                f"{self.part.label} has {number_of(rows, 'row')} now, and {self.rows:,} when it was looked at.",
                state=UNCHANGED,
                hint="Look again, then decide; somebody writes rows of that time.",
            )

    async def verify(self, session: Session) -> Said:
        """It is gone when the transaction is committed."""
        name, end = self.part.chunk_name, self.part.range_end
        return Said(
            f"{name} is dropped, with {number_of(self.rows, 'row')}.",
            {"partition": name, "rows": self.rows, "range_end": end.isoformat() if end else None},
        )


def require_old(table: Divided, part: Part, now: datetime) -> floor.Verdict:
    """What the floor says to dropping a partition; Refused below it, and for DEFAULT."""
    if part.is_default:
        raise Refused(
            f"{part.label} is the DEFAULT partition: without it rows of other times would be refused.",
            state=UNCHANGED,
            hint="emr-console maintain moves rows to their weeks, and says which stay.",
        )
    return floor.require(place_of(table).told, age_days(part.range_end, now))


def age_days(end: datetime | None, now: datetime) -> float:
    """How old the youngest row can be of what ends there, in days; below zero where nobody knows.

    >>> age_days(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)), age_days(None, datetime.now(UTC))
    (2.0, -1.0)
    """
    return -1.0 if end is None else (now - end) / timedelta(days=1)


def bound(moment: datetime | None) -> str:
    """Where a range begins or ends, for people."""
    return f"{to_minute(moment.astimezone(UTC))} UTC" if moment else "without end"
