"""CREATE of every kind of object but a table.

Sources: https://www.postgresql.org/docs/18/explicit-locking.html, sql-createindex.html, sql-createtrigger.html; that
CREATE POLICY and CREATE RULE lock their table in ACCESS EXCLUSIVE is what pg_locks of 18 showed. That a continuous
aggregate WITH DATA refuses a transaction was seen on TimescaleDB 2.28.
"""

from collections.abc import Callable
from dataclasses import replace

from console.migrate.kinds.create_table import create_table
from console.migrate.kinds.definitions import names
from console.migrate.kinds.drop import ALONE, NAMED, kind_of
from console.migrate.kinds.expressions import calls
from console.migrate.kinds.models import Action, Call, Constraint, Lock, Object
from console.migrate.kinds.queries import tables_read
from console.migrate.kinds.reader import Reader, identifier, literal, options, parts

_TEMPORARY = ("GLOBAL TEMPORARY", "GLOBAL TEMP", "LOCAL TEMPORARY", "LOCAL TEMP", "TEMPORARY", "TEMP")


def create(reader: Reader) -> Action | None:
    """The action of a CREATE, read from behind that word; None for a kind that is not known."""
    guard = reader.take("OR REPLACE") or None
    temporary = reader.take(*_TEMPORARY) != ""
    reader.take("UNLOGGED")
    for phrase, read in _KINDS.items():
        if reader.take(phrase):
            action = read(reader, guard)
            return replace(action, temporary=temporary or action.creates[0].name.startswith("pg_temp."))
    reader.take("TRUSTED PROCEDURAL", "TRUSTED", "PROCEDURAL")
    words = reader.take(*NAMED)
    return _named(reader, words, guard) if words else None


def _named(reader: Reader, words: str, guard: str | None) -> Action:
    guard = reader.take("IF NOT EXISTS") or guard
    kind = kind_of(words)
    if words == "SCHEMA":
        reader.take("AUTHORIZATION")
    return Action(
        f"CREATE {words}", creates=(Object(kind, reader.name()),), guard=guard, transactional=kind not in ALONE
    )


def _index(reader: Reader, guard: str | None, *, unique: bool = False) -> Action:
    concurrently = reader.take("CONCURRENTLY")
    guard = reader.take("IF NOT EXISTS") or guard
    name = "" if reader.word == "ON" else reader.name()
    reader.take("ON")
    table = reader.relation()
    if reader.take("USING"):
        reader.name()
    indexed = reader.group()
    expression = (*indexed, *reader.rest)
    settings = options(reader.group()) if reader.find("WITH") and reader.word == "(" else {}
    alone = concurrently or "timescaledb.transaction_per_chunk" in settings
    return Action(
        f"CREATE INDEX {concurrently}".strip(),
        creates=(Object("index", name, table),),
        locks=(Lock(table, "SHARE UPDATE EXCLUSIVE" if concurrently else "SHARE"),),
        work="scan",
        why="reads every row to build the index",
        guard=guard,
        transactional=not alone,
        constraints=(Constraint("UNIQUE", name, names(indexed)),) if unique else (),
        options=settings,
        query=expression,
    )


def _unique_index(reader: Reader, guard: str | None) -> Action:
    return _index(reader, guard, unique=True)


def _view(reader: Reader, guard: str | None) -> Action:
    name = reader.name()  # which RECURSIVE lets it read itself
    reader.group()
    settings = options(reader.group()) if reader.take("WITH") else {}
    reader.take("AS")
    reads = tuple(table for table in tables_read(reader.rest) if table != name)
    locks = [Lock(table, "ACCESS SHARE") for table in reads]
    if guard == "OR REPLACE":
        locks.append(Lock(name, "ACCESS EXCLUSIVE"))
    made = (Object("view", name),)
    return Action(
        "CREATE VIEW", made, locks=tuple(locks), guard=guard, options=settings, reads=reads, query=reader.rest
    )


def _materialized_view(reader: Reader, guard: str | None) -> Action:
    guard = reader.take("IF NOT EXISTS") or guard
    name = reader.name()
    reader.group()
    if reader.take("USING"):
        reader.name()
    settings = options(reader.group()) if reader.take("WITH") else {}
    reader.find("AS")
    query, reads = reader.rest, tables_read(reader.rest)
    filled = not reader.find("WITH NO DATA")
    return Action(
        "CREATE MATERIALIZED VIEW",
        creates=(Object("materialized view", name),),
        locks=tuple(Lock(table, "ACCESS SHARE") for table in reads),
        work="copy" if filled and reads else "nothing",
        why=f"reads every row of {', '.join(reads)}" if filled and reads else "",
        guard=guard,
        transactional=not (filled and "timescaledb.continuous" in settings),
        options=settings,
        reads=reads,
        query=query,
    )


def _function(reader: Reader, guard: str | None) -> Action:
    return Action("CREATE FUNCTION", (Object("function", reader.name()),), guard=guard, query=reader.rest)


def _procedure(reader: Reader, guard: str | None) -> Action:
    return Action("CREATE PROCEDURE", (Object("procedure", reader.name()),), guard=guard, query=reader.rest)


def _aggregate(reader: Reader, guard: str | None) -> Action:
    return Action("CREATE AGGREGATE", (Object("aggregate", reader.name()),), guard=guard)


def _trigger(reader: Reader, guard: str | None) -> Action:
    name = identifier(reader.next())
    reader.find("ON")
    table = reader.relation()
    function = reader.name() if reader.find("EXECUTE") and reader.take("FUNCTION", "PROCEDURE") else ""
    return Action(
        "CREATE TRIGGER",
        creates=(Object("trigger", name, table),),
        alters=(Object("table", table),),
        locks=(Lock(table, "SHARE ROW EXCLUSIVE"),),
        guard=guard,
        calls=(Call(function),),
    )


def _event_trigger(reader: Reader, guard: str | None) -> Action:
    made = Object("event trigger", reader.name())
    function = reader.name() if reader.find("EXECUTE") and reader.take("FUNCTION", "PROCEDURE") else ""
    return Action("CREATE EVENT TRIGGER", (made,), guard=guard, calls=(Call(function),))


def _policy(reader: Reader, guard: str | None) -> Action:
    name = identifier(reader.next())
    reader.take("ON")
    table = reader.relation()
    expression = reader.rest
    reads = tuple(each for each in tables_read(expression) if each != table)
    return Action(
        "CREATE POLICY",
        creates=(Object("policy", name, table),),
        alters=(Object("table", table),),
        locks=(Lock(table, "ACCESS EXCLUSIVE"), *(Lock(each, "ACCESS SHARE") for each in reads)),
        guard=guard,
        calls=tuple(Call(function) for function in calls(expression)),
        reads=reads,
        query=expression,
    )


def _rule(reader: Reader, guard: str | None) -> Action:
    name = identifier(reader.next())
    reader.find("TO")
    table = reader.relation()
    locks = (Lock(table, "ACCESS EXCLUSIVE"),)
    return Action("CREATE RULE", (Object("rule", name, table),), locks=locks, guard=guard, query=reader.rest)


def _statistics(reader: Reader, guard: str | None) -> Action:
    guard = reader.take("IF NOT EXISTS") or guard
    made = Object("statistics", "" if reader.word in ("(", "ON") else reader.name())
    reader.find("FROM")
    lock = Lock(reader.relation(), "SHARE UPDATE EXCLUSIVE")
    return Action("CREATE STATISTICS", (made,), locks=(lock,), guard=guard)


def _type(reader: Reader, guard: str | None) -> Action:
    made = Object("type", reader.name())
    labels = reader.group() if reader.take("AS ENUM") else ()
    values = tuple(Object("enum value", literal(label) or "", made.name) for label in parts(labels))
    return Action("CREATE TYPE", (made, *values), guard=guard)


_KINDS: dict[str, Callable[[Reader, str | None], Action]] = {
    "TABLE": create_table,
    "UNIQUE INDEX": _unique_index,
    "INDEX": _index,
    "RECURSIVE VIEW": _view,
    "VIEW": _view,
    "MATERIALIZED VIEW": _materialized_view,
    "FUNCTION": _function,
    "PROCEDURE": _procedure,
    "AGGREGATE": _aggregate,
    "CONSTRAINT TRIGGER": _trigger,
    "TRIGGER": _trigger,
    "EVENT TRIGGER": _event_trigger,
    "POLICY": _policy,
    "RULE": _rule,
    "STATISTICS": _statistics,
    "TYPE": _type,
}
"""How each kind is read; of two that begin alike the longer stands first."""
