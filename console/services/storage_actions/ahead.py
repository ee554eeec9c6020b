"""Weeks ahead for the audit tables of the plain flavour, and their rows out of DEFAULT."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from console.db.session import Session
from console.errors import Refused
from console.migrate.plan.stall import LONGEST
from console.phi import AUDIT_TABLES
from console.services.retention.holds import UNCHANGED
from console.services.storage.models import Divided, Part
from console.services.storage_actions.partitions import count, read, spelled, tables
from console.services.storage_actions.plan import Plan, Said
from console.units import number_of

TARGET = ", ".join(AUDIT_TABLES)
"""Both, for people."""

WEEKS = 8
"""How far ahead; 005 makes as many."""

STATEMENT = f"select public.audit_ensure_partitions(now(), now() + interval '{WEEKS} weeks')"
"""It takes DEFAULT off, moves its rows to their weeks, counts them and puts it back, behind an exclusive lock."""

ROWS_PER_SECOND = 40_000.0
"""How fast it moves rows, with all their indexes; measured on two cores with PostgreSQL 18, and rounded down."""

_WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def audit(session: Session) -> list[Divided]:
    """The tables whose weeks the schema's function makes, in the order in which it takes them."""
    found = {table.table_name: table for table in await tables(session) if table.schema_name == "public"}
    return [found[name] for name in AUDIT_TABLES if name in found]


def missing(parts: Sequence[Part], now: datetime) -> list[datetime]:
    """The weeks from now on that have no partition yet; they begin on Thursday 00:00 UTC, as 1970 did.

    >>> [week.isoformat()[:10] for week in missing([], datetime(2026, 1, 2, tzinfo=UTC))][:2]
    ['2026-01-01', '2026-01-08']
    """
    first = _EPOCH + (now - _EPOCH) // _WEEK * _WEEK
    weeks = [first + number * _WEEK for number in range(WEEKS + 1)]
    covered = [(p.range_start or _EPOCH, p.range_end or weeks[-1] + _WEEK) for p in parts if not p.is_default]
    wanted = [week for week in weeks if week < now + WEEKS * _WEEK]
    return [week for week in wanted if not any(start <= week < end for start, end in covered)]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What there is to do."""

    weeks: int
    """Partitions to be made, of both tables."""
    strays: dict[str, int]
    """Rows in DEFAULT, by table."""

    @property
    def nothing(self) -> bool:
        """Whether all is as it should be."""
        return not self.weeks and not any(self.strays.values())

    @property
    def seconds(self) -> float:
        """How long writers would wait while rows are moved, about."""
        return sum(self.strays.values()) / ROWS_PER_SECOND


async def look(session: Session, now: datetime) -> Outlook:
    """Count weeks that are missing and rows that have no week; changes nothing."""
    weeks, strays = 0, {}
    for table in await audit(session):
        parts = await read(session, table)
        weeks += len(missing(parts, now))
        strays[table.table_name] = await _spare(session, parts)
    return Outlook(weeks, strays)


def plan(outlook: Outlook, accepted: float = 0.0) -> Plan:
    """Make the weeks and move the rows; Refused where writers would wait for longer than somebody has agreed to."""
    rows = sum(outlook.strays.values())
    longest = max(LONGEST, accepted)
    if outlook.seconds > longest:
        raise Refused(
            f"Moving {number_of(rows, 'row')} out of DEFAULT would keep writers out for about"
            f" {outlook.seconds:,.0f} s.",
            state=UNCHANGED,
            hint=f"In a quiet hour: emr-console maintain --accept-stall {ceil(outlook.seconds)}.",
        )
    ahead = _Ahead()
    return Plan(
        kind="partition.ahead",
        target=TARGET,
        title=f"Make the partitions of the next {WEEKS} weeks",
        facts=(("weeks to be made", f"{outlook.weeks:,}"), ("rows in DEFAULT", f"{rows:,}")),
        statements=(STATEMENT,),
        consequence=f"Writers wait for about {outlook.seconds:.1f} s while rows are moved."
        if rows
        else "Nobody waits for longer than a second.",
        verb="make",
        # Rates are estimates, so it is stopped only when it takes much longer than that.
        patience=int(longest * 3_000),
        check=ahead.check,
        verify=ahead.verify,
    )


@dataclass(slots=True)
class _Ahead:
    """What is counted in the transaction that makes weeks."""

    before: int = 0
    moved: dict[str, int] = field(default_factory=dict)

    async def check(self, session: Session) -> None:
        """Keep writers out before the rows are counted that will be moved; where there are none, nobody has to wait."""
        self.moved = await _strays(session)
        if any(self.moved.values()):
            both = ", ".join(spelled(table.schema_name, table.table_name) for table in await audit(session))
            await session.execute(f"lock table {both} in access exclusive mode")
            self.moved = await _strays(session)
        self.before = await _partitions(session)

    async def verify(self, session: Session) -> Said:
        """What was made and moved, and what has come into DEFAULT meanwhile where writers did not have to wait."""
        made, left = await _partitions(session) - self.before, sum((await _strays(session)).values())
        later = f" {number_of(left, 'row')} came into DEFAULT meanwhile." if left else ""
        moved = number_of(sum(self.moved.values()), "row")
        return Said(
            f"{number_of(made, 'partition')} made, {moved} moved out of DEFAULT.{later}",
            {"made": made, "moved": self.moved, "left": left},
        )


async def _strays(session: Session) -> dict[str, int]:
    """Rows in DEFAULT, by table."""
    return {table.table_name: await _spare(session, await read(session, table)) for table in await audit(session)}


async def _spare(session: Session, parts: Sequence[Part]) -> int:
    return sum([await count(session, part) for part in parts if part.is_default])


async def _partitions(session: Session) -> int:
    return sum([len(await read(session, table)) for table in await audit(session)])
