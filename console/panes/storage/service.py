"""What the storage pane plans: changes of what is on screen, made from how it stands when a person presses the key."""

from collections.abc import Sequence
from typing import Literal

from console.db.database import Database
from console.db.session import Session
from console.errors import Refused, UsageError
from console.iso import utc
from console.services.capabilities import Ability, capabilities
from console.services.storage.aggregate_models import Continuous
from console.services.storage.aggregates import CONTINUOUS, Aggregate
from console.services.storage.chunks import Bound, Chunk
from console.services.storage.models import Divided, Policy
from console.services.storage.tables import POLICIES, read_tables
from console.services.storage_actions import ahead, chunks, dropping, partitions, policies, refreshing, views
from console.services.storage_actions.plan import Plan
from console.services.storage_actions.refresh_policy import refresh_every
from console.services.storage_actions.several import Several, together
from console.units import number_of

Verb = Literal["compress", "decompress", "recompress", "reindex"]
"""What can be done to one chunk."""

FIT: dict[Verb, frozenset[str]] = {
    "compress": frozenset({"uncompressed", "partial"}),
    "decompress": frozenset({"compressed", "partial"}),
    "recompress": frozenset({"compressed", "partial"}),
    "reindex": frozenset({"uncompressed", "partial", "default"}),
}
"""The states in which a chunk may be changed so."""

USUAL = ("3 days", "1 hour", "1 hour")
"""What is proposed for an aggregate without a policy: how far back, what is left alone, how often."""

NEVER = "never"
"""What is typed to have no policy."""


async def changes(db: Database, table: Divided, verb: Verb, chosen: Sequence[Chunk]) -> Several:
    """A change of each chunk that the verb fits, in their order; UsageError where it fits none."""
    able = await capabilities(db)
    fit = [chunk for chunk in chosen if chunk.state in FIT[verb]]
    if not fit:
        states = ", ".join(sorted({chunk.state for chunk in chosen}))
        raise UsageError(f"To {verb} there is nothing among these: {states}.")
    if verb == "reindex":
        return together([chunks.reindex(table, chunk) for chunk in fit], "chunks")
    make = {"compress": chunks.compress, "decompress": chunks.decompress, "recompress": chunks.recompress}[verb]
    return together([make(able, table, chunk) for chunk in fit], "chunks")


async def drops(db: Database, table: Divided, shown: Sequence[Chunk], last: Chunk) -> Several:
    """What it takes to drop a chunk and all that are older: one statement, or one transaction for each partition."""
    able = await capabilities(db)
    async with db.asking() as session:
        if table.kind == "hypertable":
            going = await dropping.look(session, table, [chunk.part for chunk in shown], last.end)
            return together([dropping.drop(able, table, going)], "chunks")
        now = await partitions.clock(session)
        older = [chunk.part for chunk in shown if chunk is last or not _after(chunk, last)]
        rows = [await partitions.count(session, part) for part in older]
    plans = [partitions.drop(table, part, now=now, rows=n) for part, n in zip(older, rows, strict=True)]
    gone = f"{number_of(sum(rows), 'row is', 'rows are')} gone for good."
    facts = [("rows", f"{sum(rows):,}"), *(fact for fact in plans[-1].facts if fact[0] == "policy")]
    return together(plans, "partitions", facts, consequence=gone, typed=table.table_name)


def _after(chunk: Chunk, last: Chunk) -> bool:
    """Whether a chunk ends later than another one; DEFAULT has no end."""
    end, limit = chunk.part.range_end, last.part.range_end
    return end is None or limit is None or end > limit


async def weeks_ahead(db: Database) -> Plan:
    """The partitions of the audit tables for the weeks to come, and rows out of DEFAULT.

    Where moving those would keep writers out for long, only the weeks for which none waits; Refused if there are none.
    """
    (await capabilities(db)).require(Ability.AUDIT_PARTITIONS)
    async with db.asking() as session:
        found = await ahead.look(session, await partitions.clock(session))
    try:
        return ahead.plan(found)
    except Refused:
        if not found.free:
            raise
    return ahead.without_moving(found)


async def require_policies(db: Database) -> None:
    """Raise where nothing here could follow a policy, before a person is asked for one."""
    (await capabilities(db)).require(Ability.POLICIES)


async def policy(db: Database, table: Divided, typed: str, *, drops: bool) -> Plan:
    """A new policy of a hypertable: the span after which chunks go or are compressed, or NEVER."""
    able = await capabilities(db)
    able.require(Ability.POLICIES)
    async with db.asking() as session:
        after = None if typed.strip().lower() == NEVER else await policies.span(session, typed)
        owned = await policies.owner(session, table)
        if not drops:
            return policies.compress(able, table, after, owned)
        aggregates = await session.fetch(CONTINUOUS.query, Continuous, **CONTINUOUS.params)
        return policies.retain(able, table, after, owned, aggregates)


async def refresh(db: Database, aggregate: Aggregate, typed: str = "") -> Plan:
    """A refresh: of a materialized view as a whole, of a continuous aggregate a range."""
    if aggregate.view is not None:
        return views.refresh(aggregate.view)
    able, continuous, asked = await capabilities(db), _continuous(aggregate), range_of(typed)
    async with db.asking() as session:
        there = await refreshing.raw(session, continuous, await _drop(session, continuous))
    return refreshing.refresh(able, continuous, asked, there)


async def refreshes(db: Database, aggregate: Aggregate, typed: str) -> Plan:
    """A new policy of a continuous aggregate: how far its refreshes reach back, what they leave alone, how often."""
    able, continuous = await capabilities(db), _continuous(aggregate)
    words = [word.strip() for word in typed.split(",")]
    if len(words) != 3:
        raise UsageError("Three spans are needed.", hint="Write them such as: 3 days, 1 hour, 1 hour.")
    async with db.asking() as session:
        start, end, every = [await policies.span(session, word) for word in words]
        drop = await _drop(session, continuous)
    return refresh_every(able, continuous, start=start, end=end, every=every, drop=drop)


async def hypertable(db: Database, schema: str, name: str) -> Divided:
    """The hypertable of that name; UsageError where it is none."""
    for table in (await read_tables(db)).tables:
        if (table.divided.schema_name, table.divided.table_name, table.divided.kind) == (schema, name, "hypertable"):
            return table.divided
    raise UsageError(
        f"{schema}.{name} is no hypertable, so TimescaleDB drops nothing of it.",
        hint="emr-console maintain drops weeks of the audit tables that are older than seven years.",
    )


def spans_of(aggregate: Aggregate) -> str:
    """What refreshes an aggregate now, as it is typed; what is usual where nothing does."""
    known = aggregate.continuous
    spans = (known.start_offset, known.end_offset, known.every) if known else (None, None, None)
    return ", ".join(written(span) if span else usual for span, usual in zip(spans, USUAL, strict=True))


def written(seconds: float) -> str:
    """A span of time as PostgreSQL reads it.

    >>> written(259_200), written(5_400), written(0.5)
    ('3 days', '90 minutes', '0.5 seconds')
    """
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} seconds"


def _continuous(aggregate: Aggregate) -> Continuous:
    if aggregate.continuous is None:
        raise UsageError(
            f"{aggregate.label} is a materialized view of PostgreSQL, which refreshes nothing by itself.",
            hint="emr-console maintain refreshes it.",
        )
    return aggregate.continuous


async def _drop(session: Session, aggregate: Continuous) -> Policy | None:
    """What drops the raw rows of an aggregate."""
    found = await session.fetch(POLICIES.query, Policy)
    return next((rule for rule in found if rule.drops and rule.parent == aggregate.raw_parent), None)


def range_of(typed: str) -> tuple[Bound, Bound]:
    """A range as a person types it; a side left out is as far as there are raw rows.

    >>> range_of("2026-01-01 .. 2026-02-01 12:00")[1], range_of("7000 .. "), range_of("..")
    (datetime.datetime(2026, 2, 1, 12, 0, tzinfo=datetime.timezone.utc), (7000, None), (None, None))
    """
    start, dots, end = typed.partition("..")
    if not dots:
        raise UsageError("That is no range.", hint="Write it such as 2026-01-01 .. 2026-02-01; a side may be left out.")
    return _side(start.strip()), _side(end.strip())


def _side(typed: str) -> Bound:
    if not typed:
        return None
    if typed.isdecimal() and len(typed) < 19:  # the largest of a bigint has 19
        return int(typed)
    try:
        return utc(typed)
    except ValueError:
        raise UsageError(
            f"{typed} is neither a moment nor a number.", hint="Write it such as 2026-01-31 12:00, in UTC."
        ) from None
