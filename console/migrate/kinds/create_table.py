"""CREATE TABLE: what it defines, and what it locks of others.

Sources: https://www.postgresql.org/docs/18/sql-createtable.html (PARTITION OF locks its parent), and the chapter
explicit-locking there; that a foreign key takes SHARE ROW EXCLUSIVE on what it points to stands in sql-altertable.
"""

from console.migrate.kinds.definitions import column, constraint
from console.migrate.kinds.models import Action, Column, Constraint, Lock, Object, Tokens
from console.migrate.kinds.queries import tables_read
from console.migrate.kinds.reader import Reader, options, parts


def create_table(reader: Reader, guard: str | None = None) -> Action:
    """The action of a CREATE TABLE, read from behind its TABLE."""
    guard = reader.take("IF NOT EXISTS") or guard
    name = reader.name()
    parent = reader.relation() if reader.take("PARTITION OF") else None
    columns, constraints, like = _elements(reader.group())
    behind = Reader(reader.until("AS"))
    inherited = Reader(behind.group()).name() if behind.take("INHERITS") else None
    settings = options(behind.group()) if behind.find("WITH") else {}
    made = Object("table", name)
    if reader.take("AS"):
        return _filled(reader.rest, made, guard, settings)
    locks = [Lock(each.references, "SHARE ROW EXCLUSIVE") for each in constraints if each.references]
    locks += [Lock(table, "ACCESS SHARE") for table in like]
    locks += [Lock(parent, "ACCESS EXCLUSIVE")] if parent else []
    locks += [Lock(inherited, "SHARE UPDATE EXCLUSIVE")] if inherited else []
    return Action(
        "CREATE TABLE",
        creates=(made,),
        alters=(Object("table", parent),) if parent else (),
        locks=tuple(lock for lock in locks if lock.table != name),
        guard=guard,
        columns=columns,
        constraints=constraints,
        options=settings,
        reads=like,
    )


def _elements(tokens: Tokens) -> tuple[tuple[Column, ...], tuple[Constraint, ...], tuple[str, ...]]:
    """Columns, constraints, and the tables that it is made like."""
    columns: list[Column] = []
    constraints: list[Constraint] = []
    like: list[str] = []
    for part in parts(tokens):
        reader = Reader(part)
        if reader.take("LIKE"):
            like.append(reader.name())
        elif found := constraint(reader):
            constraints.append(found)
        else:
            defined, beside = column(Reader(part))
            columns.append(defined)
            constraints += beside
    return tuple(columns), tuple(constraints), tuple(like)


def _filled(query: Tokens, made: Object, guard: str | None, settings: dict[str, str]) -> Action:
    reader = Reader(query)
    empty = reader.find("WITH NO DATA")
    reads = tables_read(query)
    return Action(
        "CREATE TABLE AS",
        creates=(made,),
        locks=tuple(Lock(table, "ACCESS SHARE") for table in reads),
        work="nothing" if empty or not reads else "copy",
        why="" if empty or not reads else f"copies rows of {', '.join(reads)}",
        guard=guard,
        options=settings,
        reads=reads,
        query=query,
    )
