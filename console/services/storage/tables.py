"""The tables that are divided: hypertables and tables partitioned by range, with what their parts come to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.errors import UsageError
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.storage.models import Beside, Divided, Memory, Part, Policy, Sums

M = TypeVar("M", bound=BaseModel)

HYPERTABLES = Request(Query(__package__, "hypertables"), Divided)
PARTITIONED = Request(Query(__package__, "partitioned"), Divided)
CHUNK_SUMS = Request(Query(__package__, "chunk_sums"), Sums, {"oid": None})
PARTITION_SUMS = Request(Query(__package__, "partition_sums"), Sums)
POLICIES = Request(Query(__package__, "policies"), Policy)

CHUNKS = Request(Query(__package__, "chunks"), Part, {"oid": None})
PARTITIONS = Request(Query(__package__, "partitions"), Part, {"oid": None})
BESIDE = Request(Query(__package__, "beside"), Beside, {"oid": None})
MEMORY = Request(Query(__package__, "memory"), Memory)


NUMBERS = frozenset({"int2", "int4", "int8"})
"""Types of columns that count."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked of one table when a list is opened, and not at each refresh."""

    beside: int
    """Bytes of the indexes and the TOAST of its parts, except of compressed ones and of those without a known size."""
    active_indexes: int | None
    """Bytes of the indexes of the part that takes today's rows; None where there is none."""
    interval: float | None
    """Seconds of a part, of most of them; None for tables by number."""
    interval_number: int | None
    """The same of a table by number."""
    analyzed: datetime | None
    """When one of its parts was last analyzed or vacuumed."""


@dataclass(frozen=True, slots=True)
class Measures:
    """That of all tables, and when it was asked."""

    as_of: datetime
    """When, by the server's clock."""
    shared_buffers: int
    """Bytes of the server's own cache, in which the indexes of today's parts should have room."""
    tables: Mapping[int, Measure]
    """By the table's number."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with all that is known of it."""

    divided: Divided
    """The table."""
    sums: Sums | None
    """What its parts come to; None where it has none."""
    policies: Sequence[Policy] = ()
    """What TimescaleDB does to them by itself."""
    measure: Measure | None = None
    """What was asked when the list was opened."""

    @property
    def label(self) -> str:
        """As a person writes it."""
        return self.divided.label

    @property
    def quoted(self) -> str:
        """As statements spell it."""
        return f"{quote(self.divided.schema_name)}.{quote(self.divided.table_name)}"

    @property
    def compress(self) -> Policy | None:
        """What compresses its chunks."""
        return next((policy for policy in self.policies if not policy.drops), None)

    @property
    def drop(self) -> Policy | None:
        """What drops them."""
        return next((policy for policy in self.policies if policy.drops), None)

    @property
    def bytes(self) -> int | None:
        """What it takes, as of the last ANALYZE; without indexes and TOAST until these have been asked for."""
        known = self.sums.heap_bytes if self.sums else None
        return None if known is None else known + (self.measure.beside if self.measure else 0)

    @property
    def by_number(self) -> bool:
        """Whether it is divided by number, so that spans are numbers and no seconds."""
        return self.divided.type in NUMBERS

    @property
    def width(self) -> float | int | None:
        """Seconds of a part, or how many numbers; of partitions what most of them have."""
        own = self.divided.interval or self.divided.interval_number
        return own or ((self.measure.interval or self.measure.interval_number) if self.measure else None)

    def as_json(self) -> dict[str, Any]:
        """The row as --json spells it; spans of tables by number are numbers of theirs."""
        sums = self.sums
        return {
            "table": self.label,
            "kind": self.divided.kind,
            "chunks": sums.chunks if sums else 0,
            "compressed_chunks": sums.compressed if sums else 0,
            "bytes": self.bytes,
            "approximate": True,
            "unmeasured_chunks": sums.unmeasured if sums else 0,
            "analyzed": self.measure.analyzed if self.measure else None,
            "rows": sums.rows if sums else None,
            "default_rows": sums.default_rows if sums else None,
            "ratio": sums.ratio if sums else None,
            "rows_per_batch": sums.rows_per_batch if sums else None,
            "column": self.divided.column,
            "column_type": self.divided.type,
            "chunk_interval": self.width,
            "compress_after": limit(self.compress),
            "drop_after": limit(self.drop),
            "next_run": min(starts) if (starts := [p.next_start for p in self.policies if p.next_start]) else None,
            "active_index_bytes": self.measure.active_indexes if self.measure else None,
        }


@dataclass(frozen=True, slots=True)
class Tables:
    """All of them at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    tables: Sequence[Table]
    """By name."""
    measures: Measures | None
    """What was asked when the list was opened; None while it has not come."""
    missing: Sequence[str] = ()
    """What cannot be told here, and why, in sentences."""


def limit(policy: Policy | None) -> float | int | None:
    """How old, or how far behind, chunks must be for a policy."""
    return None if policy is None else policy.after if policy.after is not None else policy.after_number


async def read_tables(db: Database, measures: Measures | None = None) -> Tables:
    """All divided tables, from catalogues alone; `measures` are those that were asked before."""
    able = await capabilities(db)
    asked: list[Request[Any]] = [PARTITIONED, PARTITION_SUMS]
    if able.has(Ability.HYPERTABLES):
        asked += [HYPERTABLES, CHUNK_SUMS]
    if able.has(Ability.POLICIES):
        asked.append(POLICIES)
    answers = await db.pipeline(*asked)
    found = answers.rows(PARTITIONED) + rows_of(answers, asked, HYPERTABLES)
    sums = answers.rows(PARTITION_SUMS) + rows_of(answers, asked, CHUNK_SUMS)
    tables = assembled(found, sums, rows_of(answers, asked, POLICIES), measures)
    return Tables(as_of(answers), tables, measures, lacking(able, found))


def rows_of(answers: Answers, asked: Sequence[Request[Any]], request: Request[M]) -> list[M]:
    """The rows of a request; none where it was not asked, because the flavour or our role has not got it."""
    return answers.rows(request) if request in asked else []


def lacking(able: Capabilities, found: Sequence[Divided]) -> list[str]:
    """What a flavour lacks, or a role may not see; nothing is missed where no table could have it."""
    if able.flavour == "plain":
        return []
    hidden = able.missing(Ability.HYPERTABLES)
    licence = able.missing(Ability.POLICIES) if any(table.kind == "hypertable" for table in found) else ""
    return [said for said in (hidden, licence) if said]


def as_of(answers: Answers) -> datetime:
    """The server's time of an answer; ours where it did not say."""
    pulse = answers.optional(PULSE)
    return pulse.as_of if pulse else datetime.now(UTC)


def assembled(
    found: Iterable[Divided], sums: Iterable[Sums], policies: Iterable[Policy], measures: Measures | None
) -> list[Table]:
    """Tables with what belongs to each, by name."""
    by_parent = {each.parent: each for each in sums}
    rules: dict[int, list[Policy]] = defaultdict(list)
    for policy in policies:
        rules[policy.parent].append(policy)
    known = measures.tables if measures else {}
    tables = [Table(each, by_parent.get(each.oid), rules[each.oid], known.get(each.oid)) for each in found]
    return sorted(tables, key=lambda table: (table.divided.schema_name != "public", table.label))


async def measure_tables(db: Database) -> Measures:
    """What indexes and TOAST take, and what lies in the parts' bounds: a tenth of a second for 5,000 parts."""
    able = await capabilities(db)
    chunks = [CHUNKS] if able.has(Ability.HYPERTABLES) else []
    answers = await db.ask(PULSE, MEMORY, PARTITIONS, BESIDE, *chunks)
    parts = answers.rows(PARTITIONS) + rows_of(answers, chunks, CHUNKS)
    now = as_of(answers)
    return Measures(now, answers.rows(MEMORY)[0].shared_buffers, measured(parts, answers.rows(BESIDE), now))


def measured(parts: Iterable[Part], beside: Iterable[Beside], now: datetime) -> dict[int, Measure]:
    """The measure of each table, by its number."""
    extra = {each.oid: each for each in beside}
    of_table: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        of_table[part.parent].append(part)
    return {table: _measure(mine, extra, now) for table, mine in of_table.items()}


def _measure(parts: Sequence[Part], extra: Mapping[int, Beside], now: datetime) -> Measure:
    sized = [part for part in parts if part.heap_bytes is not None and not part.compressed]
    loose = [extra[part.oid] for part in sized if part.oid in extra]
    active = [extra[part.oid].index_bytes for part in parts if part.oid in extra and _takes(part, now)]
    spans = Counter((p.range_end - p.range_start).total_seconds() for p in parts if p.range_start and p.range_end)
    widths = Counter(
        p.end_number - p.start_number for p in parts if p.start_number is not None and p.end_number is not None
    )
    return Measure(
        sum(each.bytes for each in loose),
        sum(active) if active else None,
        max(spans, key=spans.__getitem__, default=None),
        max(widths, key=widths.__getitem__, default=None),
        max((each.measured for each in loose if each.measured), default=None),
    )


def _takes(part: Part, now: datetime) -> bool:
    return part.range_start is not None and part.range_end is not None and part.range_start <= now < part.range_end


def named(tables: Sequence[Table], text: str) -> Table:
    """The table that a person has named: as it is listed, with its schema, or by its bare name if only one has it."""
    whole = [
        table for table in tables if text in (table.label, f"{table.divided.schema_name}.{table.divided.table_name}")
    ]
    bare = [table for table in tables if text == table.divided.table_name]
    for found in (whole, bare):
        if len(found) == 1:
            return found[0]
    listed = ", ".join(table.label for table in tables) or "none here"
    raise UsageError(
        f"{text} is no hypertable, and no table that is partitioned by range.", hint=f"There are: {listed}."
    )
