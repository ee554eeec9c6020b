"""RECORDED: what of which panes is recorded. What shows patients' data is not, and never may be."""

from typing import Any

from console.panes.database.progress.models import Underway
from console.panes.database.progress.service import read_progress
from console.panes.database.replication.models import Replication
from console.panes.database.replication.service import read_replication
from console.panes.locks import service as locks
from console.panes.locks.models import Snapshot as Locks
from console.panes.overview.service import Seen
from console.panes.overview.service import Watch as Overview
from console.panes.sessions import service as sessions
from console.panes.sessions.models import Snapshot as Sessions
from console.panes.statements.models import Snapshot as Statements
from console.panes.statements.service import Reader
from console.services.history.recorded import Recorded, asking

RECORDED: tuple[Recorded[Any], ...] = (
    Recorded("overview", Seen, lambda db: Overview(db).refresh),
    Recorded("sessions", Sessions, asking(sessions.snapshot)),
    Recorded("locks", Locks, asking(locks.snapshot)),
    Recorded("statements", Statements, lambda db: Reader(db).read),
    Recorded("replication", Replication, asking(read_replication)),
    Recorded("progress", Underway, asking(read_progress)),
)
"""A pane takes part with one entry here: its name, what its `load` answers, and how that is asked for."""
