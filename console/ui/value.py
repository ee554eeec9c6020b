"""Asking for a value, such as a new interval; what follows from it is asked afterwards."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widgets import Input, Static

from console.ui.commands import ASKING, CommandTable, bindings
from console.ui.confirm import Answer
from console.ui.footer import Footer
from console.ui.screens import Dialog
from console.ui.text import sanitise
from console.ui.toosmall import TooSmall

LEAVING: CommandTable = tuple(command for command in ASKING if command.id == "ask.refuse")
"""A letter is part of the value, so that only esc leaves."""


UNSAID = "Nothing is typed yet; esc leaves it as it is."
"""Said to who goes on without a value."""


class ValueScreen(Dialog[str | None]):
    """Answers with what was typed, or with None where nothing was to be changed."""

    AUTO_FOCUS = "Entry"
    COMMAND_TABLE: ClassVar[CommandTable] = LEAVING
    BINDINGS: ClassVar = bindings(LEAVING)
    DEFAULT_CSS = """
    ValueScreen {
        align: center middle;
        & > .box { width: 80; max-width: 100%; max-height: 100%; padding: 1 2; background: $panel; }
        & > .box Static { height: auto; }
        & .title { text-style: bold; margin-bottom: 1; }
        & .label { color: $text-muted; }
        & .trouble { color: $text-error; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, title: str, label: str, value: str, trouble: Callable[[str], str] | None = None) -> None:
        super().__init__()
        self._heading = sanitise(title)
        self._label = sanitise(label)
        self._value = sanitise(value)
        self._trouble = trouble or _no_trouble

    def compose(self) -> ComposeResult:
        """The title, what is wanted, the value as it is now."""
        with VerticalGroup(classes="box"):
            yield Static(self._heading, classes="title", markup=False)
            yield Static(self._label, classes="label", markup=False)
            yield Answer()
            yield Static(classes="trouble", markup=False)
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Begin with the value as it is now."""
        self.query_one(Answer).value = self._value

    @on(Input.Changed)
    def _forget_trouble(self) -> None:
        self.query_one(".trouble", Static).update("")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        trouble = self._trouble(value) if value else UNSAID
        self.query_one(".trouble", Static).update(sanitise(trouble))
        if value and not trouble:
            self._close(value)

    def action_refuse(self) -> None:
        """Leave it as it is."""
        self._close(None)

    def _close(self, answer: str | None) -> None:
        if self.is_current:  # a second key may be on its way already
            self.dismiss(answer)


def _no_trouble(_: str) -> str:
    return ""
