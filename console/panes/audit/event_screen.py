"""One row on a page of its own; what is masked in it can be revealed for a minute."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from console.panes.audit import page
from console.panes.audit.keys import ROW
from console.services.audit.closer import Clear, Opened
from console.services.audit.closer_models import Whole
from console.services.audit.questions import BY_NAME
from console.services.audit.revealing import WHY, reason_trouble
from console.ui.commands import CommandTable, bindings
from console.ui.detail import Block
from console.ui.reveal import RevealScreen

Reveal = Callable[[Whole, str], Awaitable[Clear]]
"""Brings a row in clear, for a reason."""


class EventScreen(RevealScreen):
    """A row, masked."""

    COMMAND_TABLE: ClassVar[CommandTable] = ROW
    BINDINGS: ClassVar = bindings(ROW)

    def __init__(self, found: Opened, user: str | None, reveal: Reveal, search: Callable[[str], None]) -> None:
        async def bring(reason: str) -> Sequence[Block]:
            return page.clear_blocks(await reveal(found.whole, reason))

        super().__init__(
            page.title(found.whole), page.facts(found, user), page.blocks(found),
            reveal=bring, why=WHY, trouble=reason_trouble,
        )  # fmt: skip
        self._found = found
        self._search = search

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no session to look for in a row that has none."""
        if action == "near" and parameters == ("session",):
            return self._found.whole.session_id is not None
        return super().check_action(action, parameters)

    def action_near(self, question: str) -> None:
        """Search all rows of the same session, or of the same request."""
        whole = self._found.whole
        value = whole.session_id if question == "session" else whole.request_id
        self.dismiss(None)
        self._search(BY_NAME[question].asked_near(str(value), whole.created_at))
