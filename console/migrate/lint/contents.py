"""Rules about enum values, views and rows."""

from collections.abc import Iterator

from console.migrate.kinds.blocks import words
from console.migrate.kinds.models import LOCK_MODES, Action
from console.migrate.kinds.reader import literal
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.columns import captured
from console.migrate.lint.world import bare

_KEEPS_WRITERS_OUT = LOCK_MODES[LOCK_MODES.index("SHARE") :]
_COPIES = ("INSERT", "CREATE TABLE AS")


def em11(file: File) -> Iterator[Remark]:
    """A column that a sub-select's own tables lack is the outer table's: the policy then compares a row with itself.

    PostgreSQL says nothing, and everybody sees everything. Told only where every column of those tables is known.
    """
    for line, action, world in file.actions:
        if action.kind == "CREATE POLICY":
            outer = bare(action.creates[0].of or "")
            for column in captured(action.query, outer, world):
                yield line, f"{column} in the sub-select is {outer}.{column}, because no table in it has such a column."


def em12(file: File) -> Iterator[Remark]:
    """A new enum value cannot be used in the transaction that adds it (55P04), unless its type is as new."""
    if not file.script.header.transaction:
        return
    added: set[str] = set()
    for step in file.steps:
        if not step.statement.kind.startswith("COMMENT"):
            for value in sorted(added & {literal((token,)) for token in words(step.statement.tokens)}):
                yield step.statement.line, f"The new enum value {value} is used in the transaction that adds it."
        for action in step.statement.actions:
            if action.kind == "ALTER TYPE ADD VALUE" and file.start.has("type", action.creates[0].of or ""):
                added.add(action.creates[0].name)


def em13(file: File) -> Iterator[Remark]:
    """An enum value cannot be taken away again; the down cannot be its inverse."""
    for line, action, _ in file.actions:
        if action.kind == "ALTER TYPE ADD VALUE":
            yield line, f"The enum value {action.creates[0].name} cannot be taken away again."


def em14(file: File) -> Iterator[Remark]:
    """The columns of a view are fixed when it is made: * means other columns in another database, or a year later."""
    for line, action, _ in file.actions:
        if action.kind in ("CREATE VIEW", "CREATE MATERIALIZED VIEW") and _has_star(action.query):
            yield line, f"{action.creates[0].label()} selects *, which is fixed to the columns of this moment."


def _has_star(query: tuple[str, ...]) -> bool:
    """Whether a select list holds * or t.*; count(*) and a product are not meant."""
    before = ("SELECT", ".", ",", "ALL", "DISTINCT")
    return any(token == "*" and query[at - 1].upper() in before for at, token in enumerate(query) if at)


def em20(file: File) -> Iterator[Remark]:
    """Rows written between the copy and the swap are lost, unless writers are kept out before the copy begins.

    LOCK TABLE does it, and so does whatever else took such a lock on the table earlier in the transaction.
    """
    locked: set[str] = set()
    copied: dict[str, int] = {}
    for line, action, _ in file.actions:
        for table in _swapped(action) & copied.keys():
            yield (
                copied.pop(table),
                f"Rows of {table} are copied without LOCK TABLE before, and line {line} takes it away.",
            )
        if action.kind in _COPIES:
            copied |= {table: line for table in map(bare, action.reads) if table not in locked | copied.keys()}
        locked |= {bare(lock.table) for lock in action.locks if lock.mode in _KEEPS_WRITERS_OUT}
        if action.renamed:
            locked |= {bare(action.renamed) for thing in action.alters if bare(thing.name) in locked}


def _swapped(action: Action) -> set[str]:
    """The tables that an action drops or gives another name."""
    things = (*action.drops, *(action.alters if action.renamed else ()))
    return {bare(thing.name) for thing in things if thing.kind == "table"}
