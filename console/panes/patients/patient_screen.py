"""One patient on a page of its own."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work

from console.errors import ConsoleError
from console.panes.patients import page
from console.panes.patients.keys import PATIENT
from console.panes.patients.service import People
from console.services.audit.revealing import WHY, reason_trouble
from console.services.patients.showing import Shown
from console.ui.commands import CommandTable, bindings
from console.ui.detail import Block
from console.ui.lead import Lead
from console.ui.reveal import RevealScreen
from console.ui.value import ValueScreen

VIEW_AS = "view as"
"""How the heading begins of what somebody else may see."""


class PatientScreen(RevealScreen):
    """A patient, masked until somebody has said why he must not be."""

    COMMAND_TABLE: ClassVar[CommandTable] = PATIENT
    BINDINGS: ClassVar = bindings(PATIENT)

    def __init__(self, shown: Shown, people: People) -> None:
        super().__init__(
            page.title(shown.patient), page.facts(shown), page.blocks(shown),
            reveal=self._bring, why=WHY, trouble=reason_trouble,
        )  # fmt: skip
        self._patient = shown.patient
        self._people = people

    async def _bring(self, reason: str) -> Sequence[Block]:
        return page.clear_blocks(await self._people.revealed(self._patient.id, reason))

    def action_search_accesses(self) -> None:
        """Search the audit log for this patient."""
        self.post_message(Lead("audit", f"patient:{self._patient.id} since:all"))

    def action_view_as(self) -> None:
        """Ask as whom, then say what he may see."""
        self.app.push_screen(
            ValueScreen("View as a user of the platform", "A username, or a user's uuid:", ""), self._chosen
        )

    def _chosen(self, user: str | None) -> None:
        if user is not None:
            self._probe(user)

    @work(exclusive=True, group="probe", exit_on_error=False)
    async def _probe(self, user: str) -> None:
        try:
            seen = await self._people.seen_by(user, self._patient.id)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=15)
            return
        others = [block for block in self._masked if not block.title.startswith(VIEW_AS)]
        self._masked = [Block(f"{VIEW_AS} {seen.user.username}", seen.sentence), *others]
        await self.redraw()
