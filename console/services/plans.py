"""The plan of a statement that somebody else sent, asked without running it; values that are not known are left open.

To plan a statement is to run some of it: the planner calls immutable functions on constants and in the conditions of
indexes, and reading `'{1}'::d[]` checks the domain d. So it is planned with the rights of whoever sent it, who has had
them run with these already. SET ROLE would not do: such a function takes our own role back by set_config('role'). What
runs in a function that belongs to somebody else cannot, so the EXPLAIN stands in one, which is gone with its session.
"""

import asyncio
from typing import Any

from console.db.database import Database
from console.db.identifiers import quote
from console.db.query import Query
from console.db.server import Server
from console.db.session import Session
from console.errors import NoPrivilege, Refused, StatementFailed, TimedOut, Unsupported
from console.row import Row
from console.services.plan_lines import plan_lines
from console.sql.lexer import SqlError, split
from console.sql.tokens import tokens

AUTHOR = Query(__package__, "author")
PLANNER = Query(__package__, "planner")
PLANNED = Query(__package__, "planned")
END = Query(__package__, "end")

EXPLAINED = frozenset({"select", "with", "insert", "update", "delete", "merge", "values", "table"})
"""How statements begin that have a plan."""

PATIENCE = 6.0
"""Seconds after which a session that plans is ended: a function may catch the timeout that the server gives it."""

ONCE = "Parts of a statement that are no values once stood where $1 does now, as in interval '1 day'."
"""Why the server may not take a text back that it has shown."""


class Author(Row):
    """Who sent a statement."""

    path: str
    """Where its role looks for names, as in the setting search_path."""
    superuser: bool
    """Whether rights are checked at all for it."""
    ours: bool
    """Whether we may take its rights."""
    strangers: list[str]
    """Roles of others than superusers, to whom functions or domains of this database belong."""


class Planned(Row):
    """What the planner says."""

    plan: list[dict[str, Any]]
    """As EXPLAIN (FORMAT JSON) spells it."""


class Ended(Row):
    """Whether a session was there to be ended."""

    ended: bool
    """It was."""


async def plan(db: Database, text: str, role: str | None) -> str:
    """The plan of one statement that `role` sent, as lines; nothing is executed, and no literal is in it.

    Raises Unsupported where there can be none, NoPrivilege or Refused where it could only be had with other rights than
    the role's, StatementFailed where the server cannot plan it.
    """
    kinds, server = _single(text), await db.server()
    if "param" in kinds:
        server.require("The plan of a statement whose values are not known ($1)", pg=16)
    options = "generic_plan, format json" if "param" in kinds else "format json"
    author = await _author(db, server, role)
    async with db.thrown_away() as session:
        await session.execute("begin")  # never committed
        await session.run(PLANNER)
        await session.execute(f"alter function pg_temp.emr_console_planned owner to {quote(role or '')}")
        await session.execute("set transaction read only")
        return await _explained(db, session, f"explain ({options}) {text}", author.path)


async def _author(db: Database, server: Server, role: str | None) -> Author:
    """Who sent it, if the plan can be had with exactly these rights."""
    if server.in_recovery or server.single_session:
        raise Unsupported("A plan takes a session of its own that may write, which this server does not give.")
    found = await db.fetch(AUTHOR, Author, role=role)
    if not found:
        raise Unsupported("Who sent the statement is not known, so it cannot be planned with those rights.")
    (author,) = found
    if not author.ours:
        user = server.user
        raise NoPrivilege(
            f"A statement is planned with the rights of whoever sent it, and {user} cannot take those of {role}.",
            hint="" if author.superuser else f"A superuser can allow it: GRANT {quote(role or '')} TO {quote(user)};",
        )
    if author.superuser and author.strangers:
        raise Refused(
            f"A superuser sent this, and functions or domains here belong to {', '.join(author.strangers)}: planning it"
            " could run them with all rights.",
            state="Nothing was explained.",
        )
    return author


async def _explained(db: Database, session: Session, statement: str, path: str) -> str:
    try:
        (found,) = await _in_time(db, session, statement, path)
    except StatementFailed as error:
        error.hint = error.hint or ONCE
        raise
    return "\n".join(line for tree in found.plan for line in plan_lines(tree["Plan"]))


async def _in_time(db: Database, session: Session, statement: str, path: str) -> list[Planned]:
    """What the planner says; its session is ended if it does not answer in time, or nobody waits any more."""
    asked = asyncio.ensure_future(session.fetch(PLANNED, Planned, statement=statement, path=path))
    try:
        done, _ = await asyncio.wait({asked}, timeout=PATIENCE)
    finally:
        if not asked.done():
            await db.fetch(END, Ended, pid=session.pid)
            await asyncio.wait({asked})
    if not done:
        raise TimedOut(f"The statement could not be planned within {PATIENCE:g} s.") from asked.exception()
    return asked.result()


def _single(text: str) -> set[str]:
    r"""The kinds of tokens of a text that is one statement with a plan, whatever the server takes a backslash for.

    It is sent as it is, so nothing may stand behind it that would be executed.

    >>> _single("select $1; drop table t")
    Traceback (most recent call last):
    ...
    console.errors.Unsupported: This text is not one whole statement, so there is no plan of it.
    >>> _single(r"select '\'; drop table t; --'")
    Traceback (most recent call last):
    ...
    console.errors.Unsupported: This text is not one whole statement, so there is no plan of it.
    """
    found = list(tokens(text))
    doubtful = any(kind == "string" and "\\" in text[start:end] for kind, start, end in found)
    try:
        statements = split(text)
    except SqlError:
        statements = []
    if doubtful or len(statements) != 1:
        raise Unsupported("This text is not one whole statement, so there is no plan of it.")
    first = next((word.lower() for word in statements[0].tokens if word != "("), "")
    if first not in EXPLAINED:
        raise Unsupported(f"{first.upper()} has no plan: only queries, INSERT, UPDATE, DELETE and MERGE have.")
    return {kind for kind, _, _ in found}
