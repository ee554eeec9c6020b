"""The chunks of one hypertable, or the partitions of one table: how each stands, and which goes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from console.db.database import Database
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
"""As json.md spells it; partial is compressed with rows beside, default takes what fits nowhere else."""

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
        """The row as json.md spells it; bounds of tables by number are numbers."""
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
class Chunks:
    """All chunks of one table at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    table: Divided
    """Whose they are."""
    chunks: Sequence[Chunk]
    """The oldest first, DEFAULT last."""
    looked: Looked | None = None
    """What was asked when the list was opened; None while it has not come."""


async def read_chunks(db: Database, table: Divided, looked: Looked | None = None) -> Chunks:
    """The chunks or partitions of one table, from catalogues alone; `looked` is what was asked before.

    Raises ConsoleError where the table is gone.
    """
    able = await capabilities(db)
    asked = Request((CHUNKS if table.kind == "hypertable" else PARTITIONS).query, Part, {"oid": table.oid})
    policies = [POLICIES] if table.kind == "hypertable" and able.has(Ability.POLICIES) else []
    there = Request(THERE, There, {"oid": table.oid})
    answers = await db.pipeline(there, asked, *policies)
    if not answers.rows(there):
        raise gone(table)
    now = as_of(answers)
    rules = [policy for policy in (answers.rows(POLICIES) if policies else []) if policy.parent == table.oid]
    return Chunks(now, table, arranged(answers.rows(asked), looked, rules, now), looked)


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


def arranged(parts: Iterable[Part], looked: Looked | None, policies: Sequence[Policy], now: datetime) -> list[Chunk]:
    """Parts as chunks, the oldest first, with what is due."""
    drop = next((policy for policy in policies if policy.drops), None)
    chunks = [_chunk(part, looked) for part in sorted(parts, key=by_range)]
    return chunks if drop is None else dropping(chunks, drop, now)


def by_range(part: Part) -> tuple[bool, float, float, str]:
    """The order of parts: DEFAULT last, without a beginning first."""
    start, end = _number(part.range_start, part.start_number), _number(part.range_end, part.end_number)
    first = float("-inf") if start is None else start
    return part.is_default, first, float("inf") if end is None else end, part.chunk_name


def _number(moment: datetime | None, number: int | None) -> float | None:
    return moment.timestamp() if moment else number


def _chunk(part: Part, looked: Looked | None) -> Chunk:
    bits = looked.status.get(part.oid, 0) if looked else 0
    beside = looked.beside.get(part.oid) if looked else None
    return Chunk(part, _state(part, bits), bool(bits & FROZEN), beside)


def _state(part: Part, bits: int) -> State:
    if part.is_default:
        return "default"
    if not part.compressed:
        return "uncompressed"
    return "partial" if bits & PARTIAL else "compressed"


def dropping(chunks: Sequence[Chunk], drop: Policy, now: datetime) -> list[Chunk]:
    """Chunks with the moments at which a policy may drop them, and those marked that go next."""
    kept_for = drop.asked - drop.before if drop.before else None
    dated = [replace(chunk, drops_at=_due(chunk, drop, kept_for)) for chunk in chunks]
    going = next_to_go(dated, drop.next_start or now)
    return [replace(chunk, next_to_drop=True) if chunk.part.oid in going else chunk for chunk in dated]


def _due(chunk: Chunk, drop: Policy, kept_for: timedelta | None) -> datetime | None:
    since = chunk.part.created if drop.by_birth else chunk.part.range_end
    try:
        return since + kept_for if since is not None and kept_for is not None else None
    except OverflowError:
        return None


def next_to_go(chunks: Sequence[Chunk], run: datetime) -> set[int]:
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
