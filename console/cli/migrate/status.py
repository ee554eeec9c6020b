"""`emr-console migrate status`: where every migration stands, and what others have changed since the last run."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.columns import Column
from console.cli.migrate.options import add_action, folder_of
from console.cli.target import reading, target_and_role
from console.errors import Exit
from console.iso import to_second

if TYPE_CHECKING:
    from console.migrate.fingerprint.snapshot import SchemaDrift
    from console.migrate.reports import MigrationStatus, Status

_ROW_KEYS = ("version", "name", "state", "drift", "batch", "applied_at", "duration", "flavour", "adopted", "manual")
_COLUMNS = (
    Column("version"),
    Column("name"),
    Column("state"),
    Column("drift", 2),
    Column("batch", 4, right=True),
    Column("applied (UTC)", 3),
    Column("took", 6, right=True),
    Column("by", 5, least=12),
    Column("flavour", 7),
)


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    add_action(actions, "status", "where every migration stands", status)


async def status(args: argparse.Namespace) -> int:
    """Print where every migration stands, and what others have changed; nothing is created."""
    from console.migrate.fingerprint.snapshot import schema_drift
    from console.migrate.status import status as read_status

    folder, (target, role) = folder_of(args), target_and_role(args)
    async with await reading(target) as session:
        found = await read_status(session, folder, flavour=args.flavour, role=role)
        drift = None if found.note else await schema_drift(session)
        server = await session.server()
    if args.json:
        output.answer(found.as_of, server, **_as_json(found, drift))
    else:
        _show(args, found, drift)
    return Exit.FINDINGS if drift and drift.difference and found.exit == Exit.OK else found.exit


def _show(args: argparse.Namespace, found: "Status", drift: "SchemaDrift | None") -> None:
    output.table("", _COLUMNS, [_cells(row) for row in found.rows])
    for line in (
        None if found.note else f"{found.how_many}.",
        found.lock.sentence() if found.lock else None,
        found.lock_note,
        found.note,
        drift.sentence() if drift else None,
    ):
        if line:
            output.say(args, line)


def _as_json(found: "Status", drift: "SchemaDrift | None") -> dict[str, object]:
    lock = found.lock
    return {
        "batch": found.batch,
        "lock": asdict(lock) if lock else None,
        "rows": [_row_as_json(row) for row in found.rows],
        "exit": int(found.exit),
        "lock_note": found.lock_note,
        "note": found.note,
        "schema_drift": drift.as_json() if drift else None,
    }


def _row_as_json(row: "MigrationStatus") -> dict[str, object]:
    more = {"operator": row.operator, "statements": row.statements, "last_error": row.last_error}
    return {key: getattr(row, key) for key in _ROW_KEYS} | more


def _cells(row: "MigrationStatus") -> list[str]:
    return [
        row.version,
        row.name,
        row.state + (" (manual)" if row.manual else "") + (" (adopted)" if row.adopted else ""),
        row.drift or "",
        "" if row.batch is None else str(row.batch),
        to_second(row.applied_at) if row.applied_at else "",
        "" if row.duration is None else f"{row.duration:.2f} s",
        row.operator or "",
        row.flavour,
    ]
