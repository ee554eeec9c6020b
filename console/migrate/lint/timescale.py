"""Rules about hypertables, compression and continuous aggregates."""

from collections.abc import Iterator
from itertools import pairwise

from console.migrate.kinds.blocks import words
from console.migrate.kinds.models import Action, Constraint, Tokens
from console.migrate.kinds.reader import identifier
from console.migrate.kinds.timescale import is_on
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.hypertables import own_options
from console.migrate.lint.world import World, bare

_DECOMPRESS = {"decompress_chunk", "convert_to_rowstore"}
_POLICY_GONE = {"remove_compression_policy", "remove_columnstore_policy"}
_UNIQUE = ("PRIMARY KEY", "UNIQUE")


def ts01(file: File) -> Iterator[Remark]:
    """Uniqueness is checked chunk by chunk, so every unique index of a hypertable holds its time column (TS103)."""
    for step in file.steps:
        for name, constraint in _without_time(step.after) - _without_time(step.before):
            what = f"{constraint.kind} ({', '.join(constraint.columns)})"
            column = step.after.tables[name].partition_column
            yield step.statement.line, f"{what} of the hypertable {name} lacks its time column {column}."


def _without_time(world: World) -> set[tuple[str, Constraint]]:
    return {
        (name, constraint)
        for name, table in world.tables.items()
        for constraint in table.constraints
        if table.partition_column and constraint.kind in _UNIQUE and constraint.columns
        if table.partition_column not in constraint.columns
    }


def ts02(file: File) -> Iterator[Remark]:
    """A chunk that a foreign key points into cannot be compressed: `found a FK into a chunk while truncating`."""
    for step in file.steps:
        for name, target in sorted(_into_compressed(step.after) - _into_compressed(step.before)):
            yield step.statement.line, f"The foreign key of {name} into {target} stops the compression of {target}."


def _into_compressed(world: World) -> set[tuple[str, str]]:
    compressed = {name for name, table in world.tables.items() if table.compression is not None}
    return {
        (name, bare(constraint.references))
        for name, table in world.tables.items()
        for constraint in table.constraints
        if constraint.references and bare(constraint.references) in compressed
    }


def ts03(file: File) -> Iterator[Remark]:
    """WITH DATA, which is what a continuous aggregate does unless told otherwise, refuses a transaction (25001)."""
    for line, action, _ in file.actions:
        fills = action.kind == "CREATE MATERIALIZED VIEW" and not action.transactional
        if fills and file.script.header.transaction:
            yield line, f"The continuous aggregate {action.creates[0].name} needs WITH NO DATA in a transaction."


def ts04(file: File) -> Iterator[Remark]:
    """A hypertable takes no CONCURRENTLY (0A000); an index is made with timescaledb.transaction_per_chunk instead."""
    for line, action, world in file.actions:
        if action.kind.endswith("CONCURRENTLY"):
            for name in sorted({name for name in _indexed(action, world) if world.is_hypertable(name)}):
                yield line, f"{action.kind} is refused on the hypertable {name}."


def _indexed(action: Action, world: World) -> Iterator[str]:
    """The tables whose indexes an action is about."""
    for thing in (*action.creates, *action.drops, *action.alters):
        if thing.kind == "table":
            yield thing.name
        elif thing.kind == "index":
            yield thing.of or world.table_of_index(thing.name) or ""


def ts05(file: File) -> Iterator[Remark]:
    """A refresh commits between its buckets, so it refuses a transaction and a DO block (25001)."""
    for step in file.steps:
        for line, action in step.actions():
            held = file.script.header.transaction or step.statement.inside
            if held and any(call.function.endswith("refresh_continuous_aggregate") for call in action.calls):
                yield line, "refresh_continuous_aggregate needs a file with transaction = off, and no DO block."


def ts06(file: File) -> Iterator[Remark]:
    """Compression is only turned off once no chunk is compressed (0A000), and its policy would go on failing."""
    for at, step in enumerate(file.steps, 1):
        for line, action in step.actions():
            if not is_on((own_options(action).get("compress", "true"),)):
                said = {word.lower() for each in file.steps[:at] for word in words(each.statement.tokens)}
                yield from ((line, problem) for problem in _left(action, said, step.before))


def _left(action: Action, said: set[str], world: World) -> Iterator[str]:
    name = bare(action.alters[0].name)
    table = world.tables.get(name)
    if table is None or table.compression is None:
        return
    if not said & _DECOMPRESS:
        yield f"Compression of {name} is turned off, and nothing before decompresses its chunks."
    if not said & _POLICY_GONE:
        yield f"Compression of {name} is turned off, and nothing before removes its policy."


def ts07(file: File) -> Iterator[Remark]:
    """Row-level security and compression exclude each other on one table (0A000)."""
    for step in file.steps:
        for name in sorted(_secured_and_compressed(step.after) - _secured_and_compressed(step.before)):
            yield step.statement.line, f"{name} would be compressed and have row-level security, which excludes it."


def _secured_and_compressed(world: World) -> set[str]:
    return {name for name, table in world.tables.items() if table.row_security and table.compression is not None}


def ts09(file: File) -> Iterator[Remark]:
    """A column that an aggregate reads or that compressed rows are ordered by cannot change or go (0A000, 2BP01).

    The aggregate is dropped and made again instead, and loses the buckets that are older than its raw rows.
    """
    for line, action, world in file.actions:
        changed = action.alters if action.kind.endswith("ALTER COLUMN TYPE") else action.drops
        for thing in changed:
            if thing.kind == "column" and (user := _user(bare(thing.of or ""), thing.name, world)):
                yield line, f"{thing.label()} is used by {user}."


def _user(table: str, column: str, world: World) -> str | None:
    """Who needs a column of a table."""
    for name, view in world.views.items():
        if view.continuous and table in view.reads and _reads(column, view.query):
            return f"the continuous aggregate {name}"
    found = world.tables.get(table)
    return f"the compression of {table}" if found and column in (found.compression or ()) else None


def _reads(column: str, query: Tokens) -> bool:
    """Whether a query says a column's name other than to give it to a result."""
    named = (token for before, token in pairwise(query) if before.upper() != "AS")
    return any(identifier(token) == column for token in named)


def ts11(file: File) -> Iterator[Remark]:
    """ALTER EXTENSION timescaledb UPDATE must be the first command of its session, so nothing stands beside it."""
    for line, action, _ in file.actions:
        updates = action.kind == "ALTER EXTENSION UPDATE" and action.alters[0].name == "timescaledb"
        if updates and len(file.steps) > 1:
            yield line, "ALTER EXTENSION timescaledb UPDATE stands beside other statements."
