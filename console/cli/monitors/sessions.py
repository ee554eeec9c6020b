"""`emr-console sessions`: who is connected, doing what, for how long."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen

if TYPE_CHECKING:
    from console.panes.sessions.models import Session


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser("sessions", help="who is connected, doing what, for how long")
    command.add_argument("--json", action="store_true", help="one JSON object")
    command.set_defaults(handler=sessions)


async def sessions(args: argparse.Namespace) -> int:
    """Print every session once; query texts have no literals."""
    from console.db.database import Database
    from console.panes.sessions import service

    async with Database(chosen(args)) as db:
        server = await db.server()
        found = await service.snapshot(db)
    if args.json:
        output.answer(found.as_of, server, **service.as_json(found, server.database, service.expected_pool(db)))
    else:
        output.table("", COLUMNS, [cells(session) for session in found.sessions])
        if not found.sessions:
            output.say(args, "Nobody else is connected.")
        if found.grant:
            output.say(args, f"What others do is hidden from this role; a superuser can show it: {found.grant}")
    return 0


COLUMNS = (
    Column("pid", right=True),
    Column("user", 2, least=8),
    Column("application", 4, least=11),
    Column("client", 8),
    Column("state"),
    Column("wait", 7),
    Column("query", right=True),
    Column("transaction", 5, right=True),
    Column("waits for", 2),
    Column("blocks", 2, right=True),
    Column("statement", 3, least=18),
)
"""What is shown of a session for a person."""


def cells(session: "Session") -> list[str]:
    """One session as the cells of COLUMNS."""
    from console.ui.text import age

    row = session.backend
    return [
        str(row.pid),
        row.user or "",
        row.application or "",
        row.client or "",
        "hidden" if session.hidden else session.state or row.backend_type or "",
        session.wait or "",
        age(row.query_age),
        age(row.transaction_age),
        ", ".join(map(str, row.blocked_by)),
        str(session.blocks or ""),
        session.query or "",
    ]
