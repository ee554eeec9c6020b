"""`emr-console audit search`: one page of the audit log, masked, newest first."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.target import chosen
from console.errors import UsageError
from console.iso import to_second
from console.units import number_of

if TYPE_CHECKING:
    from console.services.audit.beginning import Begun
    from console.services.audit.models import Event, Page

MOST = 10_000
"""Rows of one page; more is an export."""


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("search", help="one page of the audit log, newest first")
    action.add_argument("query", metavar="QUERY", help="such as 'patient:TEST-0000123 since:2y action:view,export'")
    action.add_argument("--limit", metavar="N", type=int, default=50, help="rows of the page (50)")
    action.add_argument("--cursor", metavar="C", help="go on where `next` of the last page says")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=search)


async def search(args: argparse.Namespace) -> int:
    """Print one page; the search is written down in the audit log."""
    from console.db.database import Database
    from console.services.audit import beginning, walk
    from console.services.audit.recording import Recorder

    if not 1 <= args.limit <= MOST:
        raise UsageError(f"--limit takes 1 to {MOST:,}.", hint="Take more with emr-console audit export.")
    async with Database(chosen(args)) as db:
        if args.cursor is None:
            begun = await beginning.begin(db, Recorder(db), args.query)
        else:
            begun = await beginning.go_on(db, args.query, args.cursor)
        page = await walk.page(db, begun.ready, args.limit, begun.going_on)
        server = await db.server()
    word = beginning.next_word(begun, page.following)
    if args.json:
        output.answer(begun.ready.here.now, server, **_as_json(begun, page, word))
    else:
        output.table("", COLUMNS, [cells(row) for row in page.rows])
    _narrate(args, begun, page, word)
    return 0


def _as_json(begun: "Begun", page: "Page", word: str | None) -> dict[str, object]:
    from console.services.audit.terms import masked

    return {
        "query": masked(begun.ready.search, begun.ready.unknown),
        "searched_from": page.searched_from,
        "searched_to": page.searched_to,
        "complete": page.complete,
        "next": word,
        "rows": [row.as_json() for row in page.rows],
    }


def _narrate(args: argparse.Namespace, begun: "Begun", page: "Page", word: str | None) -> None:
    """What has to be known about the page."""
    from console.services.audit.recording import unrecorded

    for remark in begun.ready.remarks:
        output.say(args, remark)
    if begun.kept.why:
        output.say(args, unrecorded(begun.kept, "search"))
    reach = f"{to_second(page.searched_to)} back to {to_second(page.searched_from)} UTC"
    more = f" Go on with --cursor {word}" if word and not args.json else ""
    output.say(args, f"{number_of(len(page.rows), 'row')} from {reach}.{more}")


COLUMNS = (
    Column("time (UTC)"),
    Column("user", 2, least=12),
    Column("action"),
    Column("entity", 3),
    Column("patient", 2),
    Column("system", 5),
    Column("network", 4),
    Column("entity id", 6),
    Column("session", 8),
    Column("request", 9),
)
"""What is shown of a row for a person."""


def cells(row: "Event") -> list[str]:
    """One row as the cells of COLUMNS."""
    return [
        to_second(row.created_at),
        row.user or str(row.user_id),
        row.action,
        row.entity_type,
        row.patient or "",
        row.system or "",
        row.ip or "",
        str(row.entity_id),
        str(row.session_id or ""),
        str(row.request_id),
    ]
