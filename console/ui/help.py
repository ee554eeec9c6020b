"""What every key does here."""

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from console.ui.commands import READING, CommandTable, Offer, bindings
from console.ui.detail import Page
from console.ui.footer import Footer
from console.ui.screens import Dialog
from console.ui.toosmall import TooSmall

GROUPS = ("This pane", "Lists", "Panes", "General", "Moving in a list")
"""The order of the groups; others stand before them."""

BY_NAME = ": its name"
"""How a command without a key is called."""

WIDTH = 74
"""Cells of a line, so that it needs no more than an 80 column terminal."""


class HelpScreen(Dialog[None]):
    """The commands that worked when it was opened, by their group."""

    COMMAND_TABLE: ClassVar[CommandTable] = READING
    BINDINGS: ClassVar = bindings(READING)
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Page { width: 80; max-width: 100%; max-height: 100%; height: auto; background: $panel; }
        &:nocolor > Page { border: solid $foreground; }
        &:ansi > Page { border: solid $foreground; }
    }
    """

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._text = help_text(offers)

    def compose(self) -> ComposeResult:
        """The text."""
        with Page():
            yield Static(self._text, markup=False)
        yield Footer()
        yield TooSmall()

    def action_copy(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self._text)

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)


def help_text(offers: Sequence[Offer]) -> str:
    """Groups of commands with their keys, titles and explanations; those without a key are found in the palette.

    A command whose keys do something else here, on a node nearer to the keyboard, is left out.
    """
    groups: dict[str, dict[str, Offer]] = {}
    for offer in (offer for offer in offers if offer.keys or not offer.command.keys):
        groups.setdefault(offer.command.group, {}).setdefault(offer.command.id, offer)
    ordered = sorted(groups.items(), key=lambda group: GROUPS.index(group[0]) if group[0] in GROUPS else -1)
    return "\n\n".join("\n".join([title, *map(_lines, members.values())]) for title, members in ordered)


def _lines(offer: Offer) -> str:
    """One command, its explanation wrapped in a column of its own."""
    keys = " ".join(offer.keys) or BY_NAME
    label = f"  {keys:<12} {offer.command.title:<14} "
    return "\n".join(
        wrap(offer.command.help, WIDTH, initial_indent=label, subsequent_indent=" " * len(label)) or [label]
    )
