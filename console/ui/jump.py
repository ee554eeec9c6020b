"""Asks for a time to go to."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widgets import Input, Static

from console.errors import UsageError
from console.ui.commands import ANSWERING, CHOOSING, CommandTable, bindings
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.moments import meant, said
from console.ui.screens import Dialog
from console.ui.toosmall import TooSmall


class TimeEntry(Entry):
    """The time as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = ANSWERING
    BINDINGS: ClassVar = bindings(ANSWERING)


class JumpScreen(Dialog[datetime | None]):
    """Answers with the moment that a person means, or with None."""

    AUTO_FOCUS = "Entry"
    COMMAND_TABLE: ClassVar[CommandTable] = CHOOSING
    BINDINGS: ClassVar = bindings(CHOOSING)
    DEFAULT_CSS = """
    JumpScreen {
        align: center middle;
        & > .box { width: 72; max-width: 100%; padding: 1 2; background: $panel; }
        & Static { height: auto; }
        & .known { color: $text-muted; margin-bottom: 1; }
        & .trouble { color: $text-error; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, moments: Sequence[datetime], here: datetime) -> None:
        super().__init__()
        self._moments = moments
        self._here = here

    def compose(self) -> ComposeResult:
        """What is known, and the line to type into."""
        first, last = self._moments[0], self._moments[-1]
        with VerticalGroup(classes="box"):
            known = f"Known from {said(first)} to {said(last)}; shown is {said(self._here)}."
            yield Static(known, classes="known", markup=False)
            yield TimeEntry(placeholder="03:12, 2026-03-14 03:12, -10m, +30s")
            yield Static(classes="trouble", markup=False)
        yield Footer()
        yield TooSmall()

    @on(Input.Changed)
    def _forget_trouble(self) -> None:
        self.query_one(".trouble", Static).update("")

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        try:
            self._close(meant(event.value, self._here, self._moments[-1]))
        except UsageError as error:
            self.query_one(".trouble", Static).update(error.message)

    def action_close(self) -> None:
        """Stay, after all."""
        self._close(None)

    def _close(self, moment: datetime | None) -> None:
        if self.is_current:  # a second key may be on its way already
            self.dismiss(moment)
