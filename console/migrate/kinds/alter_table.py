"""ALTER TABLE: every action with the lock it takes and what it does to the rows.

Source of both: https://www.postgresql.org/docs/18/sql-altertable.html; ACCESS EXCLUSIVE unless it says otherwise.
The lock for timescaledb options was seen in pg_locks of TimescaleDB 2.28.
"""

from collections.abc import Callable
from dataclasses import replace

from console.migrate.kinds import columns
from console.migrate.kinds.definitions import constraint
from console.migrate.kinds.models import Action, Constraint, Lock, Object, Work
from console.migrate.kinds.reader import Reader, identifier, options, parts

_LIGHT_OPTIONS = ("fillfactor", "toast_tuple_target", "parallel_workers", "autovacuum_", "toast.", "vacuum_", "log_")
_TRIGGERS = ("ENABLE REPLICA TRIGGER", "ENABLE ALWAYS TRIGGER", "ENABLE TRIGGER", "DISABLE TRIGGER")
_ROW_SECURITY = tuple(f"{verb} ROW LEVEL SECURITY" for verb in ("ENABLE", "DISABLE", "FORCE", "NO FORCE"))
_REWRITES = ("SET LOGGED", "SET UNLOGGED", "SET ACCESS METHOD", "SET TABLESPACE")
_BUILDS = {"PRIMARY KEY", "UNIQUE", "EXCLUDE"}


def alter_relation(reader: Reader, prefix: str, kind: str) -> tuple[Action, ...]:
    """The actions of ALTER TABLE, INDEX, VIEW, .., read from behind that word; `prefix` begins their kinds."""
    guard = reader.take("IF EXISTS") or None
    name = reader.relation()
    return tuple(
        replace(action, kind=f"{prefix} {action.kind}".strip(), guard=action.guard or guard)
        for action in (_action(Reader(part), Object(kind, name)) for part in parts(reader.rest))
    )


def _action(reader: Reader, target: Object) -> Action:
    for phrase, read in _ACTIONS:
        if reader.take(phrase):
            return read(reader, target, phrase)
    return _altered(target, " ".join(reader.rest[:2]).upper())


def _altered(
    target: Object, kind: str, mode: str = "ACCESS EXCLUSIVE", work: Work = "nothing", why: str = ""
) -> Action:
    """The ordinary action. An index or a sequence is locked by itself, and its table is not."""
    locks = (Lock(target.name, mode),) if target.kind not in ("index", "sequence") else ()
    return Action(kind, alters=(target,), locks=locks, work=work, why=why)


def _add(reader: Reader, target: Object, _: str) -> Action:
    if found := constraint(reader):
        return _add_constraint(found, target)
    reader.take("COLUMN")
    return columns.add(reader, target)


def _add_constraint(found: Constraint, target: Object) -> Action:
    mode = "SHARE ROW EXCLUSIVE" if found.references else "ACCESS EXCLUSIVE"
    work, why = _checking(found)
    locks = dict.fromkeys(table for table in (target.name, found.references) if table)
    return Action(
        f"ADD {found.kind}",
        creates=(Object("constraint", found.name, target.name),),
        alters=(target,),
        locks=tuple(Lock(table, mode) for table in locks),
        work=work,
        why=why,
        constraints=(found,),
    )


def _checking(found: Constraint) -> tuple[Work, str]:
    """What a new constraint does with the rows that are there."""
    if not found.valid or (found.made_of and found.kind == "UNIQUE"):
        return "nothing", ""
    if found.made_of:
        return "unknown", "reads every row for NULLs, unless the columns are NOT NULL already"
    if found.kind in _BUILDS:
        return "scan", "builds an index over every row"
    return "scan", "checks every row"


def _drop(reader: Reader, target: Object, phrase: str) -> Action:
    kind = "constraint" if phrase == "DROP CONSTRAINT" else "column"
    guard = reader.take("IF EXISTS") or None
    gone = Object(kind, identifier(reader.next()), target.name)
    dropped = _altered(target, f"DROP {kind.upper()}")
    return replace(dropped, drops=(gone,), guard=guard, cascade=reader.take("CASCADE") != "")


def _alter_constraint(reader: Reader, target: Object, phrase: str) -> Action:
    altered = _altered(Object("constraint", identifier(reader.next()), target.name), phrase)
    return replace(altered, locks=(Lock(target.name, "ACCESS EXCLUSIVE"),))


def _validate(reader: Reader, target: Object, phrase: str) -> Action:
    checked = Object("constraint", identifier(reader.next()), target.name)
    lock = Lock(target.name, "SHARE UPDATE EXCLUSIVE")
    return Action(phrase, alters=(checked,), locks=(lock,), work="scan", why="checks every row")


def _rename(reader: Reader, target: Object, _: str) -> Action:
    renamed = _altered(target, "RENAME")
    if reader.take("TO"):
        return replace(renamed, renamed=identifier(reader.next()))
    kind = "constraint" if reader.take("CONSTRAINT") else "column"
    reader.take("COLUMN")
    part = Object(kind, identifier(reader.next()), target.name)
    reader.take("TO")
    return replace(renamed, kind=f"RENAME {kind.upper()}", alters=(part,), renamed=identifier(reader.next()))


def _set_schema(reader: Reader, target: Object, phrase: str) -> Action:
    schema, name = identifier(reader.next()), target.name.rpartition(".")[2]
    return replace(_altered(target, phrase), renamed=f"{schema}.{name}")


def _set_options(reader: Reader, target: Object, phrase: str) -> Action:
    given = options(reader.group())
    light = all(name.startswith(_LIGHT_OPTIONS) for name in given) and target.kind == "table"
    altered = _altered(target, phrase, "SHARE UPDATE EXCLUSIVE" if light else "ACCESS EXCLUSIVE")
    return replace(altered, options=given)


def _triggers(reader: Reader, target: Object, phrase: str) -> Action:
    trigger = Object("trigger", identifier(reader.next()), target.name)
    return Action(phrase, alters=(trigger,), locks=(Lock(target.name, "SHARE ROW EXCLUSIVE"),))


def _rewritten(_: Reader, target: Object, phrase: str) -> Action:
    return _altered(target, phrase, work="rewrite", why="writes the whole table anew")


def _attach(reader: Reader, target: Object, phrase: str) -> Action:
    part = Object("table", reader.relation())
    locks = (Lock(target.name, "SHARE UPDATE EXCLUSIVE"), Lock(part.name, "ACCESS EXCLUSIVE"))
    why = "checks every row of the partition, and of DEFAULT, unless a CHECK says the same"
    return Action(phrase, alters=(target, part), locks=locks, work="scan", why=why)


def _detach(reader: Reader, target: Object, phrase: str) -> Action:
    part = Object("table", reader.relation())
    gently = reader.take("CONCURRENTLY", "FINALIZE")
    mode = "SHARE UPDATE EXCLUSIVE" if gently else "ACCESS EXCLUSIVE"
    locks = (Lock(target.name, mode), Lock(part.name, "ACCESS EXCLUSIVE" if gently != "CONCURRENTLY" else mode))
    kind = f"{phrase} {gently}".strip()
    return Action(kind, alters=(target, part), locks=locks, transactional=gently != "CONCURRENTLY")


def _inherit(reader: Reader, target: Object, phrase: str) -> Action:
    parent = Lock(reader.relation(), "ACCESS SHARE" if phrase == "NO INHERIT" else "SHARE UPDATE EXCLUSIVE")
    altered = _altered(target, phrase)
    return replace(altered, locks=(*altered.locks, parent))


def _plain(_: Reader, target: Object, phrase: str) -> Action:
    return _altered(target, phrase)


def _gently(_: Reader, target: Object, phrase: str) -> Action:
    return _altered(target, phrase, "SHARE UPDATE EXCLUSIVE")


_ACTIONS: list[tuple[str, Callable[[Reader, Object, str], Action]]] = [
    ("ADD", _add),
    ("DROP CONSTRAINT", _drop),
    ("DROP COLUMN", _drop),
    ("DROP", _drop),
    ("ALTER CONSTRAINT", _alter_constraint),
    ("ALTER COLUMN", columns.alter),
    ("ALTER", columns.alter),
    ("VALIDATE CONSTRAINT", _validate),
    ("RENAME", _rename),
    ("SET SCHEMA", _set_schema),
    ("SET WITHOUT CLUSTER", _gently),
    ("CLUSTER ON", _gently),
    *((phrase, _rewritten) for phrase in _REWRITES),
    ("SET", _set_options),
    ("RESET", _set_options),
    *((phrase, _plain) for phrase in _ROW_SECURITY),
    *((phrase, _triggers) for phrase in _TRIGGERS),
    ("ATTACH PARTITION", _attach),
    ("DETACH PARTITION", _detach),
    ("NO INHERIT", _inherit),
    ("INHERIT", _inherit),
    ("OWNER TO", _plain),
    ("REPLICA IDENTITY", _plain),
]
"""How each action begins; of two that begin alike the longer stands first."""
