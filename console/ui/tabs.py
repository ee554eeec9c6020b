"""Panes that share one key: a line of their titles, and one of them at a time."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import ContentSwitcher

from console.ui.columns import Tone
from console.ui.commands import PANE, TABBED, Command, CommandTable, bindings, listed_by
from console.ui.lines import Piece
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.titles import Title, Titles

InnerPanes = tuple[type[Pane[Any, Any]], ...]
"""Kinds of panes, in the order of their titles."""


class TabbedPane(Pane[Any, None], can_focus=False):
    """Shows one of several panes, each of which asks only while it is shown and is kept when it is left.

    A subclass names itself and lists its `TABS`. The pane on screen does all that a pane does: it has the keyboard,
    asks, and tells how it stands. It needs no KEY and no SHORT.
    """

    TABS: ClassVar[InnerPanes] = ()
    """What it shows; the first one at first."""

    COMMAND_TABLE: ClassVar[CommandTable] = TABBED
    BINDINGS: ClassVar = bindings(TABBED)
    DEFAULT_CSS = """
    TabbedPane > ContentSwitcher { height: 1fr; }
    """

    class Turned(Message):
        """Another of its panes is on screen; nothing is known of that one's data yet."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Offer each tab by its name, and let `[keymap]` name the commands of all of them."""
        if "TABS" in cls.__dict__:
            cls.COMMAND_TABLE = tuple(map(_command, cls.TABS))
            cls.MORE = tuple(command for tab in cls.TABS for command in (*listed_by(tab), *tab.MORE))
        super().__init_subclass__(**options)

    def __init__(self, database: Any) -> None:
        super().__init__(database)
        self._wished: float | None = None
        self._line = TabLine(self.TABS, self.action_show_tab)
        self._switcher = ContentSwitcher(initial=self.TABS[0].NAME)

    def compose(self) -> ComposeResult:
        """The titles and the first pane; the others come when they are first visited."""
        yield self._line
        with self._switcher:
            yield self._made(self.TABS[0])

    def on_mount(self) -> None:
        """Point at the first."""
        self._line.point_at(self.shown.NAME)

    @property
    def shown(self) -> Pane[Any, Any]:
        """The pane on screen."""
        return self._switcher.get_child_by_id(self._switcher.current or "", Pane)

    def watch_state(self, before: State, after: State) -> None:
        """Nothing: the pane on screen looks as it stands."""

    def watch_writable(self) -> None:
        """Dangerous keys come or go in every tab."""
        for pane in self._panes():
            pane.writable = self.writable

    def prefer(self, interval: float | None) -> None:
        """Every tab that asks by itself does so at this interval."""
        self._wished = interval
        for pane in self._panes():
            pane.prefer(interval)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What every pane can do, the one on screen does."""
        return False if action in _OF_EVERY_PANE else super().check_action(action, parameters)

    async def action_turn(self, step: int) -> None:
        """Show the next tab, or the one before."""
        names = [tab.NAME for tab in self.TABS]
        await self.action_show_tab(names[(names.index(self.shown.NAME) + step) % len(names)])

    async def action_show_tab(self, name: str) -> None:
        """Show a tab, as it was when it was left."""
        if name not in {pane.NAME for pane in self._panes()}:
            await self._switcher.add_content(self._made({tab.NAME: tab for tab in self.TABS}[name]))
        self._switcher.current = name
        self._line.point_at(name)
        self.post_message(self.Turned())
        self.state = self.shown.state
        self.take_focus()

    def seek(self, text: str) -> None:
        """Let the pane on screen look for it."""
        self.shown.seek(text)

    def take_focus(self) -> None:
        """Give the keyboard to the pane on screen."""
        self.shown.take_focus()

    def ask(self) -> None:
        """Nothing: the pane on screen asks."""

    def pace(self) -> None:
        """Nothing: the pane on screen says how often it asks."""

    def say(self) -> None:
        """Nothing: the pane on screen says how it stands."""

    def _made(self, kind: type[Pane[Any, Any]]) -> Pane[Any, Any]:
        made = kind(self._database)
        made.prefer(self._wished)
        made.writable = self.writable
        self.watch(made, "state", lambda state: self._follow(made, state))
        return made

    def _follow(self, pane: Pane[Any, Any], state: State) -> None:
        if pane.display:
            self.state = state

    def _panes(self) -> Iterator[Pane[Any, Any]]:
        return (pane for pane in self._switcher.children if isinstance(pane, Pane))


class TabLine(Titles):
    """The titles of the tabs, and the key that turns to the next."""

    def __init__(self, tabs: InnerPanes, show: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._tabs = tabs
        self._show = show

    def titles(self, width: int) -> list[Title]:
        """The title of each."""
        return [Title(tab.NAME, tab.TITLE) for tab in self._tabs]

    def pieces(self, width: int) -> list[Piece]:
        """The key stands at the end: the last line has no room for one more."""
        return [*super().pieces(width), Piece("t", Tone.INFO), Piece(" next", Tone.MUTED)]

    async def choose(self, name: str) -> None:
        """Show that tab."""
        await self._show(name)


def _command(tab: type[Pane[Any, Any]]) -> Command:
    said = (tab.__doc__ or "").partition("\n")[0]
    return Command(
        id=f"tab.{tab.NAME}", title=tab.TITLE, action=f"show_tab('{tab.NAME}')", help=said, group="This pane"
    )


_OF_EVERY_PANE = {command.verb for command in PANE}
