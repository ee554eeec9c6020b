"""Panes and commands by name: `:` or ctrl+p, a few letters, enter."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widgets import Input

from console.ui.columns import Column
from console.ui.commands import CHOOSING, NAMING, CommandTable, Offer, bindings
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.screens import Dialog
from console.ui.table import LineTable
from console.ui.toosmall import TooSmall


class NameEntry(Entry):
    """The name as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = NAMING
    BINDINGS: ClassVar = bindings(NAMING)

    def __init__(self, take: Callable[[], Awaitable[None]]) -> None:
        super().__init__(placeholder="a pane or a command")
        self._take = take

    async def action_submit(self) -> None:
        """Do it before the next key is looked at, which is meant for where it leads."""
        await self._take()


class Palette(Dialog[Offer | None]):
    """Answers with the command that was chosen; the best match stands first, so `:jobs` and enter is enough."""

    AUTO_FOCUS = "Entry"
    COMMAND_TABLE: ClassVar[CommandTable] = CHOOSING
    BINDINGS: ClassVar = bindings(CHOOSING)
    DEFAULT_CSS = """
    Palette {
        align: center top;
        & > .box { width: 100%; max-width: 132; height: 100%; max-height: 34; padding: 1 2; background: $panel; }
        & LineTable { margin-top: 1; background: $panel; }
        &:nocolor > .box { border: solid $foreground; }
        &:ansi > .box { border: solid $foreground; }
    }
    """

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._offers = offers
        self._searched: str | None = None
        self._table: LineTable[Offer] = LineTable(
            [
                Column(id="title", title="pane or command", value=lambda offer: offer.command.title, width=17),
                Column(id="keys", title="key", value=lambda offer: " ".join(offer.keys), width=11),
                Column(id="group", title="where", value=lambda offer: offer.command.group, width=16, priority=2),
                Column(id="help", title="what it does", value=lambda offer: offer.command.help, width=40, grows=True),
            ],
            key=lambda offer: offer.command.id,
            empty="no such command",
        )
        self._table.can_focus = False

    def compose(self) -> ComposeResult:
        """What is typed, and what it could mean."""
        with VerticalGroup(classes="box"):
            yield NameEntry(self._take)
            yield self._table
        yield Footer()
        yield TooSmall()

    @on(Input.Changed)
    def _search(self) -> None:
        """Everything can be meant at first; asked for by enter, too, which may come before the words it follows."""
        value = self.query_one(NameEntry).value
        if value != self._searched:
            self._searched = value
            self._table.show(matching(value, self._offers))
            self._table.action_first()

    def on_mount(self) -> None:
        """List all."""
        self._search()

    @on(LineTable.RowSelected)
    def _choose(self) -> None:
        self._close(self._table.rows.current)

    async def _take(self) -> None:
        """Called by the application, which is here until the palette has gone and can then close screens itself."""
        self._search()
        if self.is_current and self._table.rows.current is not None:
            await self.dismiss(self._table.rows.current)

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
