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
from console.services.storage_actions.partitions import read, spelled, tables
from console.services.storage_actions.plan import Plan, Said
from console.units import number_of

TARGET = ", ".join(AUDIT_TABLES)
"""Both, for people."""

WEEKS = 8
"""How far ahead; 005 makes as many."""

STATEMENT = f"select public.audit_ensure_partitions(now(), now() + interval '{WEEKS} weeks')"
"""It takes DEFAULT off, moves its rows to their weeks, counts them and puts it back, behind an exclusive lock."""

WITHOUT_MOVING = f"select public.audit_ensure_partitions(now(), now() + interval '{WEEKS} weeks', false)"
"""It makes the weeks for which no row waits in DEFAULT, and keeps nobody out."""

_REACH = """
created_at >= date_bin('168 hours', now() - interval '7 years', '1970-01-01 00:00:00+00')
and created_at < date_bin('168 hours', now() + interval '1 year', '1970-01-01 00:00:00+00')
"""
"""Which rows of DEFAULT it moves by itself: with an older week what somebody writes today would be dropped tomorrow."""

ROWS_PER_SECOND = 40_000.0
"""How fast it moves rows, with all their indexes; measured on two cores with PostgreSQL 18, and rounded down."""

SECONDS_A_WEEK = 0.01
"""How long the making of one takes; measured there with 345, and rounded up."""

NOBODY_WAITS = "Nobody waits for longer than a second."
"""Where no row is moved."""

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
    """Rows in DEFAULT that go to their weeks, by table."""
    far: int = 0
    """Rows in DEFAULT that stay there, of both tables."""
    free: int = 0
    """Partitions to be made for which no row waits there, where others do."""

    @property
    def nothing(self) -> bool:
        """Whether nothing is to be done."""
        return not self.weeks and not any(self.strays.values())

    @property
    def seconds(self) -> float:
        """How long writers would wait while rows are moved to weeks that are made for them, about; else they do not."""
        rows = sum(self.strays.values())
        return rows / ROWS_PER_SECOND + SECONDS_A_WEEK * self.weeks if rows else 0.0


async def look(session: Session, now: datetime) -> Outlook:
    """Count weeks that are missing and rows that have no week; changes nothing."""
    spare, weeks, free = await _spare(session), 0, 0
    for table in await audit(session):
        ahead, waited_for = {*missing(await read(session, table), now)}, {*spare.weeks[table.table_name]}
        weeks, free = weeks + len(ahead | waited_for), free + len(ahead - waited_for)
    return Outlook(weeks, spare.strays, spare.far, free if any(spare.strays.values()) else 0)


def staying(far: int) -> str:
    """What a person should know of rows that stay in DEFAULT; empty where there are none.

    >>> staying(0), staying(1).partition(":")[0]
    ('', '1 row stays in DEFAULT')
    """
    if not far:
        return ""
    return (
        f"{number_of(far, 'row stays', 'rows stay')} in DEFAULT: dated over seven years ago, or over a year ahead,"
        " which is hardly when they were written. Nothing drops them. Find out who wrote them (they are in"
        " audit_logs_default and audit_log_details_default). Rows whose date is right get their week with select"
        " audit_ensure_partitions('FROM', 'TO'), and go with it when it is old."
    )


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
    facts = [("weeks to be made", f"{outlook.weeks:,}"), ("rows in DEFAULT", f"{rows:,}")]
    if outlook.far:
        facts.append(("rows that stay there", f"{outlook.far:,}"))
    waits = f"Writers wait for about {outlook.seconds:.1f} s while rows are moved." if rows else NOBODY_WAITS
    # Rates are estimates, so it is stopped only when it takes much longer than that.
    return _made(_Ahead(), STATEMENT, facts, waits, patience=int(longest * 3_000))


def without_moving(outlook: Outlook) -> Plan:
    """Only the weeks for which no row waits, so that they are there in time, whatever keeps rows from being moved."""
    waiting = sum(outlook.strays.values())
    facts = [("weeks to be made", f"{outlook.free:,}"), ("rows that wait in DEFAULT", f"{waiting:,}")]
    return _made(_Ahead(move=False), WITHOUT_MOVING, facts, NOBODY_WAITS, patience=int(LONGEST * 3_000))


def _made(
    ahead: "_Ahead", statement: str, facts: Sequence[tuple[str, str]], consequence: str, *, patience: int
) -> Plan:
    return Plan(
        kind="partition.ahead",
        target=TARGET,
        title=f"Make the partitions of the next {WEEKS} weeks",
        facts=tuple(facts),
        statements=(statement,),
        consequence=consequence,
        verb="make",
        patience=patience,
        check=ahead.check,
        verify=ahead.verify,
    )


@dataclass(slots=True)
class _Ahead:
    """What is counted in the transaction that makes weeks."""

    move: bool = True
    before: int = 0
    moved: dict[str, int] = field(default_factory=dict)

    async def check(self, session: Session) -> None:
        """Keep writers out before the rows are counted that will be moved; where there are none, nobody has to wait."""
        self.moved = (await _spare(session)).strays if self.move else {}
        if any(self.moved.values()):
            both = ", ".join(spelled(table.schema_name, table.table_name) for table in await audit(session))
            await session.execute(f"lock table {both} in access exclusive mode")
            self.moved = (await _spare(session)).strays
        self.before = await _partitions(session)

    async def verify(self, session: Session) -> Said:
        """What was made and moved, and what has come into DEFAULT meanwhile where writers did not have to wait."""
        made, spare = await _partitions(session) - self.before, await _spare(session)
        far, left, moved = spare.far, sum(spare.strays.values()), number_of(sum(self.moved.values()), "row")
        later = f"{number_of(left, 'row')} came into DEFAULT meanwhile." if left and self.move else ""
        done = f"{number_of(made, 'partition')} made, {moved} moved out of DEFAULT."
        if not self.move:
            done = f"{number_of(made, 'partition')} made; {number_of(left, 'row waits', 'rows wait')} in DEFAULT."
        return Said(
            " ".join(filter(None, (done, later, staying(far)))),
            {"made": made, "moved": self.moved, "left": left, "stay": far},
        )


@dataclass(slots=True)
class _Spare:
    """Rows in DEFAULT."""

    strays: dict[str, int] = field(default_factory=dict)
    """How many go to their weeks, by table."""
    weeks: dict[str, list[datetime]] = field(default_factory=dict)
    """Which weeks those are."""
    far: int = 0
    """How many stay, of both tables."""


async def _spare(session: Session) -> _Spare:
    found = _Spare()
    for table in await audit(session):
        found.strays[table.table_name], found.weeks[table.table_name] = 0, []
        for part in await read(session, table):
            if part.is_default:
                name = spelled(part.schema_name, part.chunk_name)
                _, ((rows, near, weeks),) = await session.rows(
                    f"select count(*), count(*) filter (where {_REACH}),"
                    " array_agg(distinct date_bin('168 hours', created_at, '1970-01-01 00:00:00+00'))"
                    f" filter (where {_REACH}) from {name}"
                )
                found.strays[table.table_name], found.weeks[table.table_name] = near, weeks or []
                found.far += rows - near
    return found


async def _partitions(session: Session) -> int:
    return sum([len(await read(session, table)) for table in await audit(session)])
