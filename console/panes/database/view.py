"""The database pane: five tabs."""

from typing import ClassVar

from console.panes.database.indexes.view import IndexesPane
from console.panes.database.progress.view import ProgressPane
from console.panes.database.replication.view import ReplicationPane
from console.panes.database.summary.view import SummaryPane
from console.panes.database.tables.view import TablesPane
from console.ui.tabs import InnerPanes, TabbedPane


class DatabasePane(TabbedPane):
    """Sizes, cache, tables, indexes, replication, progress."""

    NAME: ClassVar = "database"
    TITLE: ClassVar = "Database"
    SHORT: ClassVar = "Db"
    KEY: ClassVar = "5"
    TABS: ClassVar[InnerPanes] = (SummaryPane, TablesPane, IndexesPane, ReplicationPane, ProgressPane)
