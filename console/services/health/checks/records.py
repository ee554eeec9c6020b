"""What is written down: migrations and backups."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.services.health.check import Around, Check, crit, ok, unknown, warn
from console.services.health.models import Verdict
from console.services.health.record_models import Records
from console.services.health.sources import MIGRATIONS, RECORDS
from console.units import age

if TYPE_CHECKING:
    from console.migrate.reports import MigrationStatus, Status

APPLIED = frozenset({"applied", "applied_unverified"})
"""States of a migration that is in place."""

HALF = frozenset({"failed_partial", "rollback_failed_partial", "in_doubt", "orphaned"})
"""States in which part of a file may be in place, and part not."""


def migrations(found: "Status", around: Around) -> Verdict:
    """Whether the schema is what its migrations say."""
    if found.note:
        grant = around.grant("pg_monitor")
        return unknown(
            found.note.partition(". ")[0], remedy=grant if grant in found.note else "emr-console migrate status"
        )
    rows = [row for row in found.rows if not row.manual or row.state != "pending"]
    applied = sum(row.state in APPLIED for row in rows)
    said = f"migrations {found.how_many}"
    pending = [row for row in rows if row.state == "pending"]
    half = [row for row in rows if row.state in HALF]
    odd = [row for row in rows if row not in pending and (row.state not in APPLIED or row.drift in ("up", "down"))]
    odd.sort(key=lambda row: (row.state in APPLIED, row.drift != "up"))  # a changed up file stops every run
    if half and found.lock is None:
        remedy = f"emr-console migrate resolve {half[0].version}"
        return crit(f"{said}; {_told(half)}", len(half), 1, remedy=remedy)
    if found.lock is not None:
        return ok(f"{said}; somebody migrates now", applied, len(rows))
    if odd:
        return warn(f"{said}; {_told(odd)}", len(odd), 1, remedy="emr-console migrate status")
    if pending:
        return warn(f"{said}; next is {pending[0].label}", len(pending), 1, remedy="emr-console migrate plan up")
    return ok(said, applied, len(rows))


def _told(rows: "Sequence[MigrationStatus]") -> str:
    row = rows[0]
    how = row.state.replace("_", " ") if row.state not in APPLIED else f"its {row.drift} file was changed"
    return f"{row.label}: {how}{f', and {len(rows) - 1} more' if len(rows) > 1 else ''}"


def backups(found: Records, around: Around) -> Verdict:
    """Whether a backup of ours was made lately; whoever makes others is not seen from here."""
    limit, events = around.limits.backup, found.events
    if events is None and found.sight.there:
        return unknown("backups are written down where this role cannot read", remedy=around.grant("pg_monitor"))
    if events is not None and events.backed_up_at is not None:
        since = (events.as_of - events.backed_up_at).total_seconds()
        if since < limit:
            return ok(f"backup of {age(since)} ago", since, limit)
    return unknown(
        f"no backup of ours in {age(limit)}; others are not seen from here",
        remedy="emr-console migrate backup --backup-dir DIR",
    )


CHECKS = (
    Check("D19", "Migrations", MIGRATIONS, migrations, "migrations"),
    Check("D20", "Backups", RECORDS, backups, "migrations"),
)
"""What can be told of what was done."""
