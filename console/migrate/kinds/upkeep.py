"""Statements that keep things in order: COMMENT, GRANT, LOCK, VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH, SET.

Source of the locks: https://www.postgresql.org/docs/18/explicit-locking.html and the page of each command; that GRANT
and COMMENT on a part of a table take ACCESS SHARE is what pg_locks of 18 showed.
"""

from console.migrate.kinds.drop import NAMED, kind_of
from console.migrate.kinds.models import Action, Lock, Object, Tokens
from console.migrate.kinds.reader import Reader, identifier, parts

_ON_TABLE = ("TRIGGER", "POLICY", "CONSTRAINT", "RULE")
_RELATIONS = ("table", "view", "materialized view", "foreign table")


def comment(tokens: Tokens) -> Action:
    """COMMENT ON."""
    reader = Reader(tokens[2:])
    if words := reader.take(*_ON_TABLE):
        name = identifier(reader.next())
        reader.take("ON DOMAIN", "ON")
        thing = Object(words.lower(), name, reader.relation())
        return Action("COMMENT", alters=(thing,), locks=(Lock(str(thing.of), "ACCESS SHARE"),))
    if reader.take("COLUMN"):
        table, _, name = reader.name().rpartition(".")
        column = Object("column", name, table)
        return Action("COMMENT", alters=(column,), locks=(Lock(table, "SHARE UPDATE EXCLUSIVE"),))
    words = reader.take(*NAMED)
    thing = Object(kind_of(words), reader.name())
    locks = (Lock(thing.name, "SHARE UPDATE EXCLUSIVE"),) if thing.kind in _RELATIONS else ()
    return Action("COMMENT", alters=(thing,) if words else (), locks=locks)


def lock(tokens: Tokens) -> Action:
    """LOCK TABLE."""
    reader = Reader(tokens[1:])
    reader.take("TABLE")
    tables = [Reader(part).relation() for part in parts(reader.until("IN", "NOWAIT"))]
    mode = " ".join(reader.until("MODE")).upper() if reader.take("IN") else "ACCESS EXCLUSIVE"
    return Action("LOCK TABLE", locks=tuple(Lock(table, mode) for table in tables))


def rights(tokens: Tokens) -> Action:
    """GRANT and REVOKE, on one table or several; rights on anything else and roles are only named by their kind."""
    reader = Reader(tokens[1:])
    verb = tokens[0].upper()
    if not reader.find("ON"):
        return Action(f"{verb} ROLE")
    words = reader.take("ALL", *NAMED) or "TABLE"
    if words == "ALL":
        return Action(verb)
    things = tuple(Object(kind_of(words), Reader(part).name()) for part in parts(reader.until("TO", "FROM")))
    locks = tuple(Lock(thing.name, "ACCESS SHARE") for thing in things if thing.kind == "table")
    return Action(verb, alters=things, locks=locks)


def vacuum(tokens: Tokens) -> Action:
    """VACUUM."""
    reader = Reader(tokens[1:])
    settings = [word.upper() for word in (*reader.group(), *reader.rest)]
    full = "FULL" in settings
    while reader.take("FULL", "FREEZE", "VERBOSE", "ANALYZE"):
        pass
    mode = "ACCESS EXCLUSIVE" if full else "SHARE UPDATE EXCLUSIVE"
    return Action(
        "VACUUM FULL" if full else "VACUUM",
        alters=_tables(reader),
        locks=tuple(Lock(table.name, mode) for table in _tables(reader)),
        work="rewrite" if full else "scan",
        why="writes the whole table anew" if full else "reads every page that has changed",
        transactional=False,
    )


def analyze(tokens: Tokens) -> Action:
    """ANALYZE, which reads a sample."""
    reader = Reader(tokens[1:])
    reader.group()
    reader.take("VERBOSE")
    tables = _tables(reader)
    return Action("ANALYZE", alters=tables, locks=tuple(Lock(table.name, "SHARE UPDATE EXCLUSIVE") for table in tables))


def _tables(reader: Reader) -> tuple[Object, ...]:
    return tuple(Object("table", name) for part in parts(reader.rest) if (name := Reader(part).relation()))


def cluster(tokens: Tokens) -> Action:
    """CLUSTER; without a table it takes them one by one, outside of transactions."""
    reader = Reader(tokens[1:])
    reader.group()
    reader.take("VERBOSE")
    table = reader.relation()
    return Action(
        "CLUSTER",
        alters=(Object("table", table),) if table else (),
        locks=(Lock(table, "ACCESS EXCLUSIVE"),) if table else (),
        work="rewrite",
        why="writes the whole table anew",
        transactional=bool(table),
    )


def reindex(tokens: Tokens) -> Action:
    """REINDEX. Of an index the table is not said, which is locked in SHARE, or SHARE UPDATE EXCLUSIVE."""
    reader = Reader(tokens[1:])
    gently = "CONCURRENTLY" in (word.upper() for word in reader.group())
    words = reader.take("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM")
    gently = bool(reader.take("CONCURRENTLY")) or gently
    thing = Object(words.lower(), reader.name())
    mode = "SHARE UPDATE EXCLUSIVE" if gently else "SHARE"
    return Action(
        f"REINDEX {words}{' CONCURRENTLY' if gently else ''}",
        alters=(thing,),
        locks=(Lock(thing.name, mode),) if words == "TABLE" else (),
        work="scan",
        why="reads every row to build the index anew",
        transactional=not gently and words in ("INDEX", "TABLE"),
    )


def refresh(tokens: Tokens) -> Action:
    """REFRESH MATERIALIZED VIEW."""
    reader = Reader(tokens[3:])
    gently = reader.take("CONCURRENTLY")
    view = reader.name()
    empty = reader.take("WITH NO DATA")
    return Action(
        f"REFRESH MATERIALIZED VIEW {gently}".strip(),
        alters=(Object("materialized view", view),),
        locks=(Lock(view, "EXCLUSIVE" if gently else "ACCESS EXCLUSIVE"),),
        work="nothing" if empty else "copy" if gently else "rewrite",
        why="" if empty else "computes the whole view anew",
    )


def setting(tokens: Tokens) -> Action:
    """SET and RESET; the kind says for how long, the query what."""
    reader = Reader(tokens[1:])
    scope = reader.take("LOCAL", "CONSTRAINTS", "TRANSACTION", "SESSION CHARACTERISTICS", "SESSION AUTHORIZATION")
    scope = scope or reader.take("SESSION")
    return Action(f"{tokens[0].upper()} {scope}".strip(), query=reader.rest)
