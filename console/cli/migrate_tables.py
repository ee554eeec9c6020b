"""How `migrate status` and `migrate verify` look to scripts and to people."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from console.cli import output
from console.cli.columns import Column
from console.migrate.fingerprint.snapshot import SchemaDrift
from console.migrate.reports import Check, MigrationStatus, Status

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
_CHECKS = (
    Column("id"),
    Column("what must hold", least=40),
    Column("holds"),
    Column("expected", 2, least=16),
    Column("found", 3, least=16),
)


def show_status(args: argparse.Namespace, found: Status, drift: SchemaDrift | None) -> None:
    """Print where every migration stands, and what others have changed since the last run."""
    if args.json:
        output.data({**_as_json(found), "schema_drift": drift.as_json() if drift else None})
        return
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


def show_checks(args: argparse.Namespace, found: Sequence[Check]) -> None:
    """Print every check."""
    if args.json:
        output.data({"rows": [asdict(check) for check in found], "ok": all(check.ok for check in found)})
        return
    rows = [(c.id, c.name, "yes" if c.ok else "NO", c.expected or "", c.found or "") for c in found]
    output.table("", _CHECKS, rows)
    for check in found:
        if not check.ok:
            output.say(args, f"{check.id} does not hold: {check.sentence()}. {check.remedy or ''}".rstrip())
    output.say(args, f"{sum(check.ok for check in found)} of {len(found)} checks hold.")


def _as_json(found: Status) -> dict[str, object]:
    lock = found.lock
    return {
        "as_of": found.as_of,
        "flavour": found.flavour,
        "server": found.server,
        "batch": found.batch,
        "lock": asdict(lock) if lock else None,
        "rows": [_row_as_json(row) for row in found.rows],
        "exit": int(found.exit),
        "lock_note": found.lock_note,
        "note": found.note,
    }


def _row_as_json(row: MigrationStatus) -> dict[str, object]:
    more = {"operator": row.operator, "statements": row.statements, "last_error": row.last_error}
    return {key: getattr(row, key) for key in _ROW_KEYS} | more


def _cells(row: MigrationStatus) -> list[str]:
    return [
        row.version,
        row.name,
        row.state + (" (manual)" if row.manual else "") + (" (adopted)" if row.adopted else ""),
        row.drift or "",
        "" if row.batch is None else str(row.batch),
        f"{row.applied_at:%Y-%m-%d %H:%M:%S}" if row.applied_at else "",
        "" if row.duration is None else f"{row.duration:.2f} s",
        row.operator or "",
        row.flavour,
    ]
