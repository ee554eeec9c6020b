"""Which columns of a policy's sub-selects are in truth the outer table's; the one question that takes a parser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.migrate.kinds.models import Tokens
from console.migrate.kinds.reader import Reader, identifier
from console.migrate.lint.world import World, bare

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope


def captured(policy: Tokens, outer: str, world: World) -> list[str]:
    """Unqualified columns in sub-selects of a policy that only the outer table has.

    Nothing for an expression that sqlglot cannot read, nor where a table's columns are not all known.
    """
    table = world.tables.get(outer)
    if table is None or not table.columns:
        return []
    found = {name for expression in _expressions(policy) for name in _unowned(expression, world)}
    return sorted(found & set(table.columns))


def _expressions(policy: Tokens) -> Iterator[str]:
    """What stands in USING (..) and WITH CHECK (..), where it holds a sub-select."""
    for phrase in ("USING", "WITH CHECK"):
        reader = Reader(policy)
        if reader.find(phrase):
            expression = reader.group()
            if "SELECT" in (token.upper() for token in expression):
                yield " ".join(expression)


def _unowned(expression: str, world: World) -> Iterator[str]:
    """The unqualified columns of sub-selects that no table in their FROM has."""
    # Late: it takes longer to import than a whole lint, and few migrations have a policy with a sub-select.
    import sqlglot
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.scope import traverse_scope

    try:
        scopes = traverse_scope(sqlglot.parse_one(f"SELECT 1 WHERE {expression}", dialect="postgres"))
    except SqlglotError:
        return
    for scope in scopes:
        owned = _columns(scope, world)
        if scope.parent is not None and owned is not None:
            yield from (name for column in _unqualified(scope) if (name := identifier(column.name)) not in owned)


def _unqualified(scope: "Scope") -> "list[exp.Column]":
    return [column for column in scope.columns if not column.table]


def _columns(scope: "Scope", world: World) -> set[str] | None:
    """Every column that the tables of a sub-select have; None where one of them is not known."""
    owned: set[str] = set()
    for source in scope.sources.values():
        name = getattr(source, "name", None)  # another scope has none: its columns are not followed
        table = world.tables.get(bare(name)) if name else None
        if table is None or table.columns is None:
            return None
        owned |= set(table.columns)
    return owned
