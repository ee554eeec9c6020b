"""`emr-console sessions`: who is connected, doing what, for how long."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
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
        rows = [session.as_json() for session in found.sessions]
        output.data({"as_of": found.as_of, "flavour": server.flavour, "server": server.version, "rows": rows})
    else:
        output.table("", COLUMNS, [cells(session) for session in found.sessions])
        if found.grant:
            output.say(args, f"What others do is hidden from this role; a superuser can show it: {found.grant}")
    return 0


COLUMNS = (
    "pid", "user", "application", "client", "state", "wait", "query", "transaction", "waits for", "blocks", "statement",
)  # fmt: skip
"""The headings of the table for a person."""


def cells(session: "Session") -> list[str]:
    """One session as the cells under COLUMNS."""
    from console.ui.text import age

    row = session.backend
    return [
        str(row.pid),
        row.user or "",
        row.application or "",
        row.client or "",
        "hidden" if session.hidden else row.state or row.backend_type or "",
        row.wait_event or "",
        age(row.query_age),
        age(row.transaction_age),
        ", ".join(map(str, row.blocked_by)),
        str(session.blocks or ""),
        session.query or "",
    ]
