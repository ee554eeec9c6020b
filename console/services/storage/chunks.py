"""The chunks of one hypertable, or the partitions of one table: how each stands, and which goes next."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from console.db.database import Database
from console.db.known import Known
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.errors import ConsoleError, StatementFailed
from console.services.capabilities import Ability, capabilities
from console.services.storage.models import FROZEN, PARTIAL, Beside, Divided, Part, Policy, Status, There
from console.services.storage.tables import BESIDE, CHUNKS, PARTITIONS, POLICIES, as_of

STATUS = Query(__package__, "chunk_status")
THERE = Query(__package__, "there")

State = Literal["uncompressed", "compressed", "partial", "default"]
"""As --json spells it; partial is compressed with rows beside, default takes what fits nowhere else."""

Bound = datetime | int | None
"""Where a range begins or ends."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is asked of the parts of one table when their list is opened, and not at each refresh."""

    as_of: datetime
    """When, by the server's clock."""
    beside: Mapping[int, Beside]
    """Indexes and TOAST by the part's number."""
    status: Mapping[int, int]
    """Bits of compressed chunks by their numbers."""
    partial_unknown: str = ""
    """Why nobody can tell which chunks are partly compressed; empty where it was told."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk or partition with what follows from all that is known."""

    part: Part
    """The row it comes from."""
    state: State
    """How it stands."""
    frozen: bool = False
    """Whether nothing may change it."""
    beside: Beside | None = None
    """Its indexes and its TOAST; None where they have not been asked for."""
    drops_at: datetime | None = None
    """When it is due to be dropped; None without a policy by time."""
    next_to_drop: bool = False
    """Whether it goes with the next run of what drops; the oldest, where none is due."""

    @property
    def start(self) -> Bound:
        """The first moment or number in it."""
        return self.part.range_start or self.part.start_number

    @property
    def end(self) -> Bound:
        """The moment or number after the last."""
        return self.part.range_end or self.part.end_number

    @property
    def bytes(self) -> int | None:
        """What it takes, as of the last ANALYZE; of a compressed one, what compressing it gave."""
        known = self.part.heap_bytes
        beside = 0 if self.beside is None or self.part.compressed else self.beside.bytes
        return None if known is None else known + beside

    def as_json(self, table: str) -> dict[str, Any]:
        """The row as --json spells it; bounds of tables by number are numbers."""
        return {
            "table": table,
            "chunk": self.part.label,
            "range_start": self.start,
            "range_end": self.end,
            "state": self.state,
            "bytes": self.bytes,
            "approximate": True,
            "rows": self.part.rows,
            "analyzed": self.beside.measured if self.beside else None,
            "bytes_before": self.part.bytes_before,
            "created": self.part.created,
            "next_to_drop": self.next_to_drop,
            "drops_at": self.drops_at,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """What a policy does to chunks: of two that are equal it does the same."""

    after: timedelta | None
    """How old they get; None where they go by number."""
    by_birth: bool
    """Whether that counts from the time at which they were made."""
    run: datetime
    """When it runs next."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """All chunks of one table at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    table: Divided
    """Whose they are."""
    chunks: Sequence[Chunk]
    """The oldest first, DEFAULT last; the very same object as before where nothing has changed."""
    looked: Looked | None = None
    """What was asked when the list was opened; None while it has not come."""
    due: Due | None = None
    """What drops them; None where nothing does."""
    parts: Sequence[Part] = ()
    """The rows they are made of, as they came."""
    known: Known[Part] = field(default_factory=Known, repr=False, compare=False)
    """The same for the next reading."""


async def read_chunks(
    db: Database, table: Divided, looked: Looked | None = None, before: Chunks | None = None
) -> Chunks:
    """The chunks or partitions of one table, from catalogues alone; what was known `before` is not worked out again.

    `looked` is what was asked on opening. Raises ConsoleError where the table is gone.
    """
    able, known = await capabilities(db), before.known if before else Known[Part]()
    query = (CHUNKS if table.kind == "hypertable" else PARTITIONS).query
    asked = Request(query, Part, {"oid": table.oid}, known)
    policies = [POLICIES] if table.kind == "hypertable" and able.has(Ability.POLICIES) else []
    there = Request(THERE, There, {"oid": table.oid})
    answers = await db.pipeline(there, asked, *policies)
    if not answers.rows(there):
        raise gone(table)
    now, parts = as_of(answers), answers.rows(asked)
    rules = answers.rows(POLICIES) if policies else []
    due = falling_due(next((rule for rule in rules if rule.drops and rule.parent == table.oid), None), now)
    if before and before.looked is looked and (before.due, before.parts) == (due, parts):
        chunks = before.chunks
    else:
        await asyncio.sleep(0)  # rows have been made until here; keys come first
        chunks = arranged(parts, looked, due)
    return Chunks(now, table, chunks, looked, due, parts, known)


def gone(table: Divided) -> ConsoleError:
    """Somebody has dropped it while it was looked at."""
    what = "hypertable" if table.kind == "hypertable" else "table"
    return ConsoleError(
        f"The {what} {table.label} is gone: somebody has dropped it, or made it anew, since it was listed.",
        hint="esc goes back to the tables.",
    )


async def look(db: Database, table: Divided) -> Looked:
    """What indexes and TOAST take, and which chunks are partly compressed: a tenth of a second for 5,000."""
    able = await capabilities(db)
    beside = Request(BESIDE.query, Beside, {"oid": table.oid})
    status = Request(STATUS, Status, {"oid": table.oid})
    unknown = able.missing(Ability.CHUNK_STATUS) if table.kind == "hypertable" else ""
    tells = table.kind == "hypertable" and not unknown
    answers = await db.ask(PULSE, beside, *([status] if tells else []))
    if tells and isinstance(error := answers.error(status), StatementFailed):
        tells, unknown = False, error.message  # a chunk was dropped while the others were asked
    bits = {each.oid: each.status for each in answers.rows(status)} if tells else {}
    return Looked(as_of(answers), {each.oid: each for each in answers.rows(beside)}, bits, unknown)


def arranged(parts: Iterable[Part], looked: Looked | None, due: Due | None) -> list[Chunk]:
    """Parts as chunks, the oldest first, with what is due."""
    chunks = [_chunk(part, looked, due) for part in sorted(parts, key=by_range)]
    going = next_to_go(chunks, due.run) if due else frozenset()
    return [replace(chunk, next_to_drop=True) if chunk.part.oid in going else chunk for chunk in chunks]


def by_range(part: Part) -> tuple[bool, bool, Any, bool, Any, str]:
    """The order of the parts of one table: DEFAULT last, without a beginning first, without an end last."""
    start, end = part.range_start or part.start_number, part.range_end or part.end_number
    return part.is_default, start is not None, start or 0, end is None, end or 0, part.chunk_name


def falling_due(policy: Policy | None, now: datetime) -> Due | None:
    """What a policy that drops does to chunks; None where none does."""
    if policy is None:
        return None
    after = policy.asked - policy.before if policy.before else None
    return Due(after, policy.by_birth, policy.next_start or now)


def _chunk(part: Part, looked: Looked | None, due: Due | None) -> Chunk:
    bits = looked.status.get(part.oid, 0) if looked else 0
    beside = looked.beside.get(part.oid) if looked else None
    return Chunk(part, _state(part, bits), bool(bits & FROZEN), beside, _drops_at(part, due) if due else None)


def _drops_at(part: Part, due: Due) -> datetime | None:
    since = part.created if due.by_birth else part.range_end
    try:
        return since + due.after if since is not None and due.after is not None else None
    except OverflowError:
        return None


def _state(part: Part, bits: int) -> State:
    if part.is_default:
        return "default"
    if not part.compressed:
        return "uncompressed"
    return "partial" if bits & PARTIAL else "compressed"


def next_to_go(chunks: Sequence[Chunk], run: datetime) -> Set[int]:
    """The numbers of those that are due at a run; where none is, of the oldest that ever will be.

    Chunks by number are due when the table's own function says so, which is not ours to call: of them the oldest goes.
    """
    due = {chunk.part.oid for chunk in chunks if chunk.drops_at is not None and chunk.drops_at <= run}
    if due:
        return due
    dated = [chunk for chunk in chunks if chunk.drops_at is not None]
    ends = [chunk for chunk in chunks if chunk.part.end_number is not None]
    first = min(dated, key=lambda c: c.drops_at or run) if dated else ends[0] if ends else None
    if first is None:
        return set()
    alike = (first.drops_at, first.part.end_number)
    return {chunk.part.oid for chunk in chunks if (chunk.drops_at, chunk.part.end_number) == alike}
