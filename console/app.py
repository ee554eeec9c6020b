"""ConsoleApp: a switcher over the panes; it knows none of them by name."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from console.errors import ConnectionFailed
from console.registry import PANES
from console.ui.commands import CommandTable, bindings, listed_by
from console.ui.confirm import ConfirmScreen, Consent
from console.ui.footer import Footer
from console.ui.header import Header, Identity
from console.ui.pane import Pane
from console.ui.panebar import PaneBar, Panes, pane_commands
from console.ui.shell import Shell
from console.ui.toosmall import TooSmall
from console.ui.window import WriteWindow, opening

if TYPE_CHECKING:
    from console.db.database import Database


class ConsoleApp(Shell):
    """Header, pane bar, one pane, footer."""

    PANES: ClassVar[Panes] = PANES
    COMMAND_TABLE: ClassVar[CommandTable] = pane_commands(PANES)
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)

    def __init__(
        self,
        database: "Database",
        identity: Identity,
        *,
        start: str | None = None,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        interval: float | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(theme=theme, keymap=keymap, environ=environ)
        self.database = database
        """What the panes ask."""
        self.window = WriteWindow(self)
        """Whether changes are allowed now."""
        self._interval = interval
        self._start = start or (self.PANES[0].NAME if self.PANES else None)
        self._header = Header(identity)
        self._bar = PaneBar(self.PANES)
        self._switcher = ContentSwitcher()

    def compose(self) -> ComposeResult:
        """The frame; panes come when they are first visited."""
        yield self._header
        yield self._bar
        yield self._switcher
        yield Footer()
        yield TooSmall()

    async def on_mount(self) -> None:
        """Open the first pane."""
        self.check_settings([*self.COMMAND_TABLE, *(c for pane in self.PANES for c in (*listed_by(pane), *pane.MORE))])
        if self._start is not None:
            await self.action_show_pane(self._start)

    @on(Pane.Refreshed)
    def _note_refresh(self, event: Pane.Refreshed) -> None:
        self._header.refreshed(event.at)

    @on(Pane.Paced)
    def _note_pace(self, event: Pane.Paced) -> None:
        self._header.pace(event.interval, paused=event.paused)

    @on(Pane.Troubled)
    def _note_trouble(self, event: Pane.Troubled) -> None:
        if isinstance(event.error, ConnectionFailed):
            self.window.close("the connection was lost")

    @on(Header.Identified)
    def _identify(self, event: Header.Identified) -> None:
        self._header.identify(event.identity)

    @on(WriteWindow.Changed)
    def _note_window(self, event: WriteWindow.Changed) -> None:
        self._header.write_window(event.seconds)
        for pane in self._switcher.query(Pane):
            pane.writable = self.window.is_open
        if event.seconds is None:
            self.notify(f"The write window is closed: {event.why}.")

    async def action_show_pane(self, name: str) -> None:
        """Show a pane, as it was when it was left."""
        if name not in {child.id for child in self._switcher.children}:
            made = {pane.NAME: pane for pane in self.PANES}[name](self.database)
            made.interval = made.interval and (self._interval or made.interval)
            await self._switcher.add_content(made)
        self._switcher.current = name
        while len(self.screen_stack) > 1:  # only now, or else the pane that is left could still open another
            await self.pop_screen()
        self._bar.point_at(name)
        self._header.forget()
        pane = self._switcher.get_child_by_id(name, Pane)
        pane.writable = self.window.is_open
        pane.take_focus()

    async def action_window(self) -> None:
        """Open the write window, or close it."""
        if self.window.is_open:
            self.window.close("you closed it")
        else:
            await self.push_screen(ConfirmScreen(opening(self._header.identity.place)), self._open_window)

    def _open_window(self, consent: Consent | None) -> None:
        if consent is not None:
            self.window.open(consent.reason)
