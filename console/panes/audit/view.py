"""The audit pane: searching, reviewing, seals."""

from typing import ClassVar

from textual import work

from console.panes.audit.review.view import ReviewPane
from console.panes.audit.seals.view import SealsPane
from console.panes.audit.search_tab import SearchTab
from console.ui.tabs import InnerPanes, TabbedPane


class AuditPane(TabbedPane):
    """Who did what to which patient."""

    NAME: ClassVar = "audit"
    TITLE: ClassVar = "Audit"
    SHORT: ClassVar = "Aud"
    KEY: ClassVar = "9"
    TABS: ClassVar[InnerPanes] = (SearchTab, ReviewPane, SealsPane)

    def seek(self, text: str) -> None:
        """Search for it, whichever tab is shown."""
        self._seek(text)

    @work(exclusive=True, group="seek", exit_on_error=False)
    async def _seek(self, text: str) -> None:
        await self.action_show_tab(SearchTab.NAME)
        self.shown.seek(text)
