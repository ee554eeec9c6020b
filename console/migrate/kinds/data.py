"""Statements about rows: SELECT, INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE, CALL.

Source of the locks: https://www.postgresql.org/docs/18/explicit-locking.html.
"""

from dataclasses import replace

from console.migrate.kinds.expressions import call, calls, is_built_in
from console.migrate.kinds.models import Action, Call, Lock, Object, Tokens
from console.migrate.kinds.queries import tables_read, tables_written
from console.migrate.kinds.reader import Reader, identifier, parts
from console.migrate.kinds.timescale import known

_AFTER_LIST = ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "INTO", "FOR")
_LOCKING = ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")


def query(tokens: Tokens) -> Action:
    """SELECT, VALUES, TABLE, and WITH before any statement about rows."""
    written = tables_written(tokens)
    if written:
        return writing(tokens)
    reader = Reader(tokens)
    reads = tables_read(tokens)
    called = _called(reader)
    mode = "ROW SHARE" if any(reader.find(phrase) for phrase in _LOCKING) else "ACCESS SHARE"
    kind = f"SELECT {called[0].function}" if called else "SELECT"
    action = _effects(called, kind)
    locks = (*action.locks, *(Lock(table, mode) for table in reads))
    return replace(action, locks=locks, reads=reads, query=tokens)


def _called(reader: Reader) -> list[Call]:
    """The calls that a select list consists of; none if it holds anything else."""
    if not reader.take("SELECT"):
        return []
    found = [call(part) for part in parts(reader.until(*_AFTER_LIST))]
    return [_call(*each) for each in found if each] if all(found) else []


def _call(function: str, arguments: list[Tokens]) -> Call:
    named = tuple((identifier(each[0]), each[2:]) for each in arguments if each[1:2] in (("=>",), (":=",)))
    return Call(function, tuple(each for each in arguments if each[1:2] not in (("=>",), (":=",))), named)


def _effects(called: list[Call], kind: str) -> Action:
    """What calls do together; `calls` keeps also those whose effect is not known."""
    actions = [known(each, kind) or Action(kind, calls=(each,)) for each in called] or [Action(kind)]
    return replace(
        max(actions, key=lambda action: action.work != "nothing"),
        creates=tuple(thing for action in actions for thing in action.creates),
        drops=tuple(thing for action in actions for thing in action.drops),
        alters=tuple(thing for action in actions for thing in action.alters),
        locks=tuple(lock for action in actions for lock in action.locks),
        calls=tuple(called),
        transactional=all(action.transactional for action in actions),
    )


def procedure(tokens: Tokens) -> Action:
    """CALL."""
    found = call(tokens[1:])
    return _effects([_call(*found)], f"CALL {found[0]}") if found else Action("CALL")


def stranger(tokens: Tokens) -> str | None:
    """The first function that a statement calls and whose effect nobody knows; None where all are known.

    >>> stranger(("SELECT", "lower", "(", "x", ")", ",", "ours", "(", ")"))
    'ours'
    """
    unknown = (name for name in calls(tokens) if not is_built_in(name) and known(Call(name), "") is None)
    return next(unknown, None)


def writing(tokens: Tokens) -> Action:
    """INSERT, UPDATE, DELETE or MERGE, also behind WITH."""
    written = tables_written(tokens)
    reads = tuple(table for table in tables_read(tokens) if table not in written)
    kind = _verb(tokens)
    copies = kind == "INSERT" and bool(reads)
    return Action(
        kind,
        alters=tuple(Object("table", table) for table in written),
        locks=(*(Lock(table, "ROW EXCLUSIVE") for table in written), *(Lock(table, "ACCESS SHARE") for table in reads)),
        work="copy" if copies else "nothing",
        why=f"copies rows of {', '.join(reads)}" if copies else "",
        reads=reads,
        query=tokens,
    )


def _verb(tokens: Tokens) -> str:
    """The statement's own verb; behind WITH it is the first one outside of parentheses."""
    reader = Reader(tokens)
    reader.until("INSERT", "UPDATE", "DELETE", "MERGE", "SELECT")
    return reader.word or "WITH"


def copy(tokens: Tokens) -> Action:
    """COPY of a table from a file of the server, or to one."""
    reader = Reader(tokens[1:])
    table = reader.relation()
    reader.group()
    if reader.take("FROM"):
        locks = (Lock(table, "ROW EXCLUSIVE"),)
        return Action("COPY FROM", alters=(Object("table", table),), locks=locks, work="copy", why="reads a file")
    reads = (table,) if table else tables_read(tokens)
    return Action("COPY TO", locks=tuple(Lock(each, "ACCESS SHARE") for each in reads), reads=reads)


def truncate(tokens: Tokens) -> Action:
    """TRUNCATE."""
    reader = Reader(tokens[1:])
    reader.take("TABLE")
    tables = [Reader(part).relation() for part in parts(reader.until("RESTART", "CONTINUE", "CASCADE", "RESTRICT"))]
    return Action(
        "TRUNCATE",
        alters=tuple(Object("table", table) for table in tables),
        locks=tuple(Lock(table, "ACCESS EXCLUSIVE") for table in tables),
        cascade=reader.find("CASCADE"),
    )
