"""ALTER of every kind of object; what it does to tables, their indexes and views is in alter_table."""

from dataclasses import replace

from console.migrate.kinds.alter_table import alter_relation
from console.migrate.kinds.drop import NAMED, kind_of
from console.migrate.kinds.models import Action, Lock, Object
from console.migrate.kinds.reader import Reader, identifier, literal

_RELATIONS = ("FOREIGN TABLE", "TABLE", "INDEX", "MATERIALIZED VIEW", "VIEW", "SEQUENCE")


def alter(reader: Reader) -> tuple[Action, ...]:
    """The actions of an ALTER, read from behind that word; none for a kind that is not known."""
    if reader.take("TABLE ALL IN TABLESPACE", "INDEX ALL IN TABLESPACE", "MATERIALIZED VIEW ALL IN TABLESPACE"):
        return ()
    if words := reader.take(*_RELATIONS):
        return alter_relation(reader, f"ALTER {words}", kind_of(words))
    if words := reader.take("POLICY", "TRIGGER", "RULE"):
        return (_of_table(reader, words),)
    if reader.take("SYSTEM"):
        return (Action("ALTER SYSTEM", transactional=False),)
    if reader.take("DEFAULT PRIVILEGES"):
        return (Action("ALTER DEFAULT PRIVILEGES"),)
    words = reader.take("PROCEDURAL LANGUAGE", *NAMED)
    return (_named(reader, words.removeprefix("PROCEDURAL ")),) if words else ()


def _of_table(reader: Reader, words: str) -> Action:
    name = identifier(reader.next())
    reader.take("ON")
    table = reader.relation()
    thing = Object(words.lower(), name, table)
    renamed = identifier(reader.next()) if reader.take("RENAME TO") else None
    lock = Lock(table, "ACCESS EXCLUSIVE")
    return Action(f"ALTER {words}", alters=(thing,), locks=(lock,), renamed=renamed, query=reader.rest)


def _named(reader: Reader, words: str) -> Action:
    thing = Object(kind_of(words), reader.name())
    reader.group()
    altered = Action(f"ALTER {words}", alters=(thing,))
    if thing.kind == "type" and (of_type := _of_type(reader, altered, thing)):
        return of_type
    if reader.take("RENAME TO"):
        return replace(altered, kind=f"ALTER {words} RENAME", renamed=identifier(reader.next()))
    if reader.take("SET SCHEMA"):
        name = f"{identifier(reader.next())}.{thing.name.rpartition('.')[2]}"
        return replace(altered, kind=f"ALTER {words} SET SCHEMA", renamed=name)
    verb = reader.take("OWNER TO", "UPDATE")
    moves = thing.kind == "database" and reader.find("SET TABLESPACE")
    return replace(altered, kind=f"ALTER {words} {verb}".strip(), transactional=not moves)


def _of_type(reader: Reader, altered: Action, of: Object) -> Action | None:
    """ALTER TYPE on the values of an enum; None for anything else."""
    if reader.take("ADD VALUE"):
        guard = reader.take("IF NOT EXISTS") or None
        made = Object("enum value", literal((reader.next(),)) or "", of.name)
        return replace(altered, kind="ALTER TYPE ADD VALUE", creates=(made,), guard=guard)
    if reader.take("RENAME VALUE"):
        value = Object("enum value", literal((reader.next(),)) or "", of.name)
        reader.take("TO")
        renamed = literal((reader.next(),))
        return replace(altered, kind="ALTER TYPE RENAME VALUE", alters=(value,), renamed=renamed)
    return None
