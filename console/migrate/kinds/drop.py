"""DROP of every kind of object.

Sources: https://www.postgresql.org/docs/18/explicit-locking.html and sql-dropindex.html; that DROP TRIGGER, POLICY and
RULE lock their table in ACCESS EXCLUSIVE is what pg_locks of 18 showed.
"""

from console.migrate.kinds.models import Action, Lock, Object
from console.migrate.kinds.reader import Reader, identifier

NAMED = (
    "MATERIALIZED VIEW",
    "FOREIGN TABLE",
    "FOREIGN DATA WRAPPER",
    "EVENT TRIGGER",
    "TEXT SEARCH CONFIGURATION",
    "TEXT SEARCH DICTIONARY",
    "TEXT SEARCH PARSER",
    "TEXT SEARCH TEMPLATE",
    "ACCESS METHOD",
    "TABLE",
    "VIEW",
    "INDEX",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "SCHEMA",
    "EXTENSION",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "ROLE",
    "USER",
    "GROUP",
    "DATABASE",
    "TABLESPACE",
    "COLLATION",
    "CONVERSION",
    "PUBLICATION",
    "SUBSCRIPTION",
    "SERVER",
    "STATISTICS",
    "LANGUAGE",
)
"""Kinds of object that a statement names by nothing but their name."""

ALONE = {"database", "tablespace", "subscription"}
"""Kinds that are made and dropped outside of transactions."""

_OF_TABLE = ("TRIGGER", "POLICY", "RULE")
_LOCKED = {"table", "materialized view", "foreign table", "view"}
_SAME = {"user": "role", "group": "role", "routine": "function"}


def kind_of(words: str) -> str:
    """The kind of an object by the words that a statement uses; USER and GROUP are roles.

    >>> kind_of("MATERIALIZED VIEW"), kind_of("USER")
    ('materialized view', 'role')
    """
    return _SAME.get(words.lower(), words.lower())


def drop(reader: Reader) -> Action | None:
    """The action of a DROP, read from behind that word; None for a kind that is not known."""
    if words := reader.take(*_OF_TABLE):
        return _of_table(reader, words)
    reader.take("PROCEDURAL")
    words = reader.take(*NAMED)
    if not words:
        return Action("DROP OWNED", cascade=reader.find("CASCADE")) if reader.take("OWNED BY") else None
    concurrently = reader.take("CONCURRENTLY")
    guard = reader.take("IF EXISTS") or None
    kind = kind_of(words)
    gone = _named(reader, kind)
    return Action(
        f"DROP {words} {concurrently}".strip(),
        drops=gone,
        locks=tuple(Lock(each.name, "ACCESS EXCLUSIVE") for each in gone if kind in _LOCKED),
        guard=guard,
        cascade=reader.take("CASCADE") != "",
        transactional=not concurrently and kind not in ALONE,
    )


def _named(reader: Reader, kind: str) -> tuple[Object, ...]:
    found = []
    while name := reader.name():
        found.append(Object(kind, name))
        reader.group()
        if not reader.take(","):
            break
    return tuple(found)


def _of_table(reader: Reader, words: str) -> Action:
    guard = reader.take("IF EXISTS") or None
    name = identifier(reader.next())
    reader.take("ON")
    table = reader.relation()
    return Action(
        f"DROP {words}",
        drops=(Object(words.lower(), name, table),),
        locks=(Lock(table, "ACCESS EXCLUSIVE"),),
        guard=guard,
        cascade=reader.take("CASCADE") != "",
    )
