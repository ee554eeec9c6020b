"""Panes and commands by name: `:` or ctrl+p, a few letters, enter."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.screen import ModalScreen
from textual.widgets import Input

from console.ui.columns import Column
from console.ui.commands import CHOOSING, NAMING, CommandTable, Offer, bindings
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.table import LineTable
from console.ui.toosmall import TooSmall


class NameEntry(Entry):
    """The name as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = NAMING
    BINDINGS: ClassVar = bindings(NAMING)


class Palette(ModalScreen[Offer | None]):
    """Answers with the command that was chosen; the best match stands first, so `:jobs` and enter is enough."""

    AUTO_FOCUS = "Entry"
    COMMAND_TABLE: ClassVar[CommandTable] = CHOOSING
    BINDINGS: ClassVar = bindings(CHOOSING)
    DEFAULT_CSS = """
    Palette {
        align: center top;
        & > .box { width: 84; max-width: 100%; height: 16; max-height: 100%; padding: 1 2; background: $panel; }
        & LineTable { margin-top: 1; background: $panel; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._offers = offers
        self._table: LineTable[Offer] = LineTable(
            [
                Column(id="title", title="command", value=lambda offer: offer.command.title, width=24),
                Column(id="keys", title="key", value=lambda offer: " ".join(offer.keys), width=11),
                Column(id="help", title="", value=lambda offer: offer.command.help, width=20, grows=True),
            ],
            key=lambda offer: offer.command.id,
            empty="no such command",
        )
        self._table.can_focus = False

    def compose(self) -> ComposeResult:
        """What is typed, and what it could mean."""
        with VerticalGroup(classes="box"):
            yield NameEntry(placeholder="a pane or a command")
            yield self._table
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Everything can be meant at first."""
        self._table.show(matching("", self._offers))

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._table.action_first()
        self._table.show(matching(event.value, self._offers))

    @on(Input.Submitted)
    @on(LineTable.RowSelected)
    def _choose(self) -> None:
        self._close(self._table.rows.current)

    def action_move(self, step: int) -> None:
        """Move through the matches while typing."""
        self._table.action_move(step)

    def action_close(self) -> None:
        """Nothing, after all."""
        self._close(None)

    def _close(self, chosen: Offer | None) -> None:
        if self.is_current:  # a second enter may be on its way already
            self.dismiss(chosen)


def matching(text: str, offers: Sequence[Offer]) -> list[Offer]:
    """The offers that a text can mean, the likeliest first, panes before commands; each of them once."""
    ranked: dict[str, tuple[int, bool, Offer]] = {}
    for offer in offers:
        command = offer.command
        name = command.id.rpartition(".")[2]
        rank = likeness(text, (name.replace("_", " "), command.title), command.help)
        if rank is not None:
            ranked.setdefault(command.id, (rank, command.group != "Panes", offer))
    return [offer for *_, offer in sorted(ranked.values(), key=lambda found: found[:2])]


def likeness(text: str, names: Sequence[str], help_line: str) -> int | None:
    """How well a text fits: 0 is the whole name, None is not at all.

    >>> [likeness(text, ["sessions"], "who is connected") for text in ("Sessions", "sess", "ssn", "who", "x")]
    [0, 1, 4, 5, None]
    """
    wanted = text.casefold().strip()
    folded = [name.casefold() for name in names]
    tests = (
        lambda name: name == wanted,
        lambda name: name.startswith(wanted),
        lambda name: f" {wanted}" in name,
        lambda name: wanted in name,
        lambda name: _has_in_order(name, wanted),
    )
    for rank, test in enumerate(tests):
        if any(map(test, folded)):
            return rank
    return len(tests) if wanted in help_line.casefold() else None


def _has_in_order(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
