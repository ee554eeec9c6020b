"""PANES: the only list of panes there is, in the order of the pane bar."""

from typing import Any

from console.panes.database.view import DatabasePane
from console.panes.fleet.view import FleetPane
from console.panes.jobs.view import JobsPane
from console.panes.locks.view import LocksPane
from console.panes.migrations.view import MigrationsPane
from console.panes.overview.view import OverviewPane
from console.panes.sessions.view import SessionsPane
from console.panes.statements.view import StatementsPane
from console.panes.storage.view import StoragePane
from console.ui.pane import Pane

PANES: tuple[type[Pane[Any, Any]], ...] = (
    OverviewPane,
    SessionsPane,
    LocksPane,
    StatementsPane,
    DatabasePane,
    StoragePane,
    JobsPane,
    MigrationsPane,
    FleetPane,
)
"""A pane is one folder below console/panes, and one entry here."""
