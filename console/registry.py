"""PANES: the only list of panes there is, in the order of the pane bar."""

from typing import Any

from console.panes.migrations.view import MigrationsPane
from console.panes.sessions.view import SessionsPane
from console.ui.pane import Pane

PANES: tuple[type[Pane[Any, Any]], ...] = (
    SessionsPane,
    MigrationsPane,
)
"""A pane is one folder below console/panes, and one entry here."""
