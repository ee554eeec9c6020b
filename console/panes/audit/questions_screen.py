"""The twelve questions on a page of their own, over a search."""

from collections.abc import Mapping
from typing import ClassVar

from console.panes.audit.columns import guide_columns
from console.panes.audit.keys import CHOSEN
from console.services.audit.questions import BY_NAME, QUESTIONS, Question
from console.ui.choosing import ListScreen
from console.ui.commands import CommandTable, bindings


class QuestionsScreen(ListScreen[Question]):
    """Answers with the one that was chosen, by its row or by its key."""

    COMMAND_TABLE: ClassVar[CommandTable] = CHOSEN
    BINDINGS: ClassVar = bindings(CHOSEN)

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__(
            "The twelve questions; each key works everywhere here", guide_columns(keys), QUESTIONS, lambda q: q.name, ""
        )

    def action_inquire(self, name: str) -> None:
        """Take the question of this name."""
        self._close(BY_NAME[name])
