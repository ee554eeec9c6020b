"""The storage pane: tables with their chunks, aggregates, retention."""

from typing import ClassVar

from console.panes.storage.aggregates import AggregatesPane
from console.panes.storage.hypertables import HypertablesPane
from console.panes.storage.retention import RetentionPane
from console.ui.tabs import InnerPanes, TabbedPane


class StoragePane(TabbedPane):
    """Hypertables and partitions with their chunks, aggregates, retention."""

    NAME: ClassVar = "storage"
    TITLE: ClassVar = "Storage"
    SHORT: ClassVar = "Stor"
    KEY: ClassVar = "6"
    TABS: ClassVar[InnerPanes] = (HypertablesPane, AggregatesPane, RetentionPane)
