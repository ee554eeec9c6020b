"""RECORDED: what of which panes is recorded. What shows patients' data is not, and never may be."""

from typing import Any

from console.services.history.recorded import Recorded, asking


def _overview() -> Any:
    from console.panes.overview.service import Seen, Watch

    return Seen, lambda db: Watch(db).refresh


def _sessions() -> Any:
    from console.panes.sessions.models import Snapshot
    from console.panes.sessions.service import snapshot

    return Snapshot, asking(snapshot)


def _locks() -> Any:
    from console.panes.locks.models import Snapshot
    from console.panes.locks.service import snapshot

    return Snapshot, asking(snapshot)


def _statements() -> Any:
    from console.panes.statements.models import Snapshot
    from console.panes.statements.service import Reader

    return Snapshot, lambda db: Reader(db).read


def _replication() -> Any:
    from console.panes.database.replication.models import Replication
    from console.panes.database.replication.service import read_replication

    return Replication, asking(read_replication)


def _progress() -> Any:
    from console.panes.database.progress.models import Underway
    from console.panes.database.progress.service import read_progress

    return Underway, asking(read_progress)


RECORDED: tuple[Recorded[Any], ...] = (
    Recorded("overview", _overview),
    Recorded("sessions", _sessions),
    Recorded("locks", _locks),
    Recorded("statements", _statements),
    Recorded("replication", _replication),
    Recorded("progress", _progress),
)
"""A pane takes part with one entry: its name, and what its `load` answers and how it asks, imported when needed."""
