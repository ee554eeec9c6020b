"""Dropping the chunks of a hypertable that are older than a moment, or than a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from console.db.identifiers import literal, quote
from console.db.query import Query
from console.db.session import Session
from console.errors import Exit, LockTimeout, Refused, TimedOut
from console.iso import to_second
from console.services.capabilities import Ability, Capabilities
from console.services.retention import floor
from console.services.retention.holds import UNCHANGED, require_free
from console.services.storage.chunks import Bound
from console.services.storage.models import Divided, Part
from console.services.storage_actions.chunks import written
from console.services.storage_actions.partitions import age_days, clock, place_of, spelled
from console.services.storage_actions.plan import Plan, Said
from console.services.storage_actions.several import named
from console.units import number_of

PATIENCE = 5_000
"""Milliseconds that counting may take beforehand; where it takes longer, it is told as about so many."""

_DROP = Query(__package__, "drop_chunks")
_OLDER_THAN = Query(__package__, "older_than")


@dataclass(frozen=True, slots=True)
class Going:
    """What would be dropped."""

    before: Bound
    """Every row is older."""
    parts: Sequence[Part]
    """The chunks, the oldest first."""
    rows: int
    """Their rows."""
    exact: bool
    """Whether they were counted; else it is as of the last ANALYZE."""
    now: datetime
    """The server's time."""

    @property
    def told(self) -> str:
        """The rows, for people."""
        return f"{'' if self.exact else 'about '}{self.rows:,}"


async def look(session: Session, table: Divided, parts: Sequence[Part], before: Bound) -> Going:
    """Which chunks are older, and how many rows they have; changes nothing. Belongs into a transaction."""
    going = [part for part in parts if _older(part, before)]
    now, estimate = await clock(session), sum(part.rows or 0 for part in going)
    if table.column is None:
        return Going(before, going, estimate, False, now)
    await session.execute(f"set local statement_timeout = {PATIENCE}")
    name, column = spelled(table.schema_name, table.table_name), quote(table.column)
    try:
        _, ((rows,),) = await session.rows(f"select count(*) from {name} where {column} < {literal(text(before))}")
    except (TimedOut, LockTimeout):
        return Going(before, going, estimate, False, now)
    return Going(before, going, int(rows), True, now)


def drop(able: Capabilities, table: Divided, going: Going) -> Plan:
    """Drop them; Refused below the floor, where there are none, and in the transaction where a hold stands."""
    able.require(Ability.DROP_CHUNKS)
    place, before = place_of(table), text(going.before)
    if not going.parts:
        raise Refused(f"{place.told} has no chunk that is wholly older than {before}.", state=UNCHANGED)
    verdict = floor.require(place.told, _age(going))
    dropping = _Dropping(able, table, going)
    return Plan(
        kind="chunk.drop",
        target=place.told,
        title=f"Drop {number_of(len(going.parts), 'chunk')} of {place.told} that are older than {before}",
        facts=(
            ("chunks", named([part.chunk_name for part in going.parts])),
            ("rows", going.told),
            *((("policy", verdict.sentence),) if verdict.sentence else ()),
        ),
        statements=(written(_DROP, able, table=spelled(table.schema_name, table.table_name), before=before),),
        consequence=f"{going.told.capitalize()} rows are gone for good. Continuous aggregates keep what they hold of"
        " that time only as long as nobody refreshes it.",
        verb="drop",
        typed=table.table_name,
        check=dropping.check,
        verify=dropping.verify,
    )


@dataclass(frozen=True, slots=True)
class _Dropping:
    """What is looked at in the transaction that drops chunks."""

    able: Capabilities
    table: Divided
    going: Going

    async def check(self, session: Session) -> None:
        """No hold, and exactly those chunks that somebody has agreed to lose."""
        await require_free(session, place_of(self.table))
        if await self._older(session) != {part.oid for part in self.going.parts}:
            raise Refused(
                f"The chunks of {place_of(self.table).told} are not those any more that were shown.",
                state=UNCHANGED,
                hint="Look again, then decide.",
                exit=Exit.PLAN_OUTDATED,
            )

    async def verify(self, session: Session) -> Said:
        """They are gone when the transaction is committed."""
        if await self._older(session):
            raise Refused("Some of the chunks are still there.", state=UNCHANGED, hint="Try it once more.")
        names = [part.chunk_name for part in self.going.parts]
        return Said(
            f"{number_of(len(names), 'chunk')} dropped, with {self.going.told} rows.",
            {"chunks": names, "rows": self.going.rows, "exact": self.going.exact, "before": text(self.going.before)},
        )

    async def _older(self, session: Session) -> set[int]:
        name = spelled(self.table.schema_name, self.table.table_name)
        _, found = await session.rows(written(_OLDER_THAN, self.able, table=name, before=text(self.going.before)))
        return {int(oid) for (oid,) in found}


def text(limit: Bound) -> str:
    """A moment or a number as it stands in a statement.

    >>> text(datetime(2026, 1, 1, tzinfo=UTC)), text(500)
    ('2026-01-01 00:00:00+00', '500')
    """
    if isinstance(limit, datetime):
        moment = limit.astimezone(UTC)
        return f"{to_second(moment)}{f'.{moment.microsecond:06}' if moment.microsecond else ''}+00"
    return str(limit)


def _older(part: Part, before: Bound) -> bool:
    """Whether all of a chunk is older."""
    if isinstance(before, datetime):
        return part.range_end is not None and part.range_end <= before
    return before is not None and part.end_number is not None and part.end_number <= before


def _age(going: Going) -> float:
    """How old the youngest row can be; of tables by number nobody knows."""
    return age_days(going.before if isinstance(going.before, datetime) else None, going.now)
