"""The frame of a console: header, pane bar, one pane, footer; it knows no pane by name, nor what they ask."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import Key, Paste
from textual.widgets import ContentSwitcher

from console.errors import ConnectionFailed
from console.ui.ahead import TypedAhead
from console.ui.alarms import Alarmed
from console.ui.commands import Command, forbidden, listed_by
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.header import Header, Identity
from console.ui.lead import Lead
from console.ui.moments import said
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.panebar import PaneBar, Panes
from console.ui.place import kind_of
from console.ui.rewinding import Rewinding
from console.ui.tabs import TabbedPane
from console.ui.text import age
from console.ui.toosmall import TooSmall
from console.ui.window import WriteWindow, opening

if TYPE_CHECKING:
    from console.ui.confirm import Consent

WITHOUT_SERVER = "The connection is lost; the write window opens only once the server answers again."
"""Said to who would open it before."""


class Frame(Rewinding):
    """A switcher over panes, and what is told around them."""

    PANES: ClassVar[Panes] = ()

    def __init__(
        self,
        identity: Identity,
        *,
        start: str | None = None,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        interval: float | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(theme=theme, keymap=keymap, environ=environ)
        self.window = WriteWindow(self)
        """Whether changes are allowed now."""
        self._ahead = TypedAhead()
        self._lost = False  # whether the last who asked the server has found no connection
        self._interval = interval
        self._start = start or (self.PANES[0].NAME if self.PANES else None)
        self._header = Header(identity)
        self._bar = PaneBar(self.PANES)
        self._switcher = ContentSwitcher()
        self._footer = Footer()

    def made(self, kind: type[Pane[Any, Any]]) -> Pane[Any, Any]:
        """A new pane of a kind."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The frame; panes come when they are first visited."""
        yield self._header
        yield self._bar
        yield self._switcher
        yield self._footer
        yield TooSmall()

    def _commands(self) -> list[Command]:
        """All that can be given another key; asked only where somebody has done so, since it reads every pane."""
        kinds = [kind_of(pane) for pane in self.PANES]
        return [*self.COMMAND_TABLE, *(c for kind in kinds for c in (*listed_by(kind), *kind.MORE))]

    async def on_mount(self) -> None:
        """Open the first pane."""
        self.check_settings(self._commands)
        if self._start is not None:
            await self.action_show_pane(self._start)

    def on_key(self, event: Key) -> None:
        """A key that no widget took: it may be meant for a pane that has not answered, or need the write window."""
        meant_now = isinstance(self.focused, Entry) or event.key in self.screen.active_bindings
        if self._waits(event, meant_now=meant_now):
            event.prevent_default()
        elif not meant_now and not self.window.is_open and forbidden(self.screen, event.key, self._wanted_keys):
            self.notify("U opens the write window, which this key needs.", timeout=3)

    def on_paste(self, event: Paste) -> None:
        """What is pasted behind keys that wait, waits with them."""
        if self._waits(event, meant_now=isinstance(self.focused, Entry)):
            event.prevent_default()

    def _waits(self, event: Key | Paste, *, meant_now: bool) -> bool:
        return self._typed.puts_back(event) or self._ahead.takes(event, meant_now=meant_now)

    @on(Pane.Refreshed)
    async def _note_refresh(self, event: Pane.Refreshed) -> None:
        self._lost = self._lost and event.pane.ELSEWHERE
        if self._shows(event.pane):
            self._header.refreshed(event.at)
        if isinstance(event.pane, Pane):
            self.remember(event.pane.NAME, event.data)
        for key in self._ahead.answered(event.pane):
            await self._typed.take(key)  # at once: in the queue the next one would overtake it

    @on(TabbedPane.Turned)
    def _note_turn(self) -> None:
        self._arrive()

    @on(Pane.Paced)
    def _note_pace(self, event: Pane.Paced) -> None:
        if self._shows(event.pane):
            self._header.pace(event.interval, paused=event.paused)

    @on(Pane.Troubled)
    def _note_trouble(self, event: Pane.Troubled) -> None:
        if self._shows(event.pane):
            self._ahead.forget()
            self._header.troubled(event.pane.answered)
        if isinstance(event.error, ConnectionFailed):
            self._lost = True
            self.window.close("the connection was lost")

    @on(Header.Identified)
    def _identify(self, event: Header.Identified) -> None:
        self._header.identify(event.identity)

    @on(Alarmed)
    def _note_alarms(self, event: Alarmed) -> None:
        self._footer.stand(event.alarms)

    @on(Lead)
    async def _lead(self, event: Lead) -> None:
        if event.pane in {pane.NAME for pane in self.PANES}:
            await self.action_show_pane(event.pane)
            self._switcher.get_child_by_id(event.pane, Pane).seek(event.text)

    @on(WriteWindow.Changed)
    def _note_window(self, event: WriteWindow.Changed) -> None:
        self._header.write_window(event.seconds)
        self._allow_changes()
        if event.seconds is None:
            self.notify(f"The write window is closed: {event.why}.")

    async def action_show_pane(self, name: str) -> None:
        """Show a pane, as it was when it was left."""
        if name not in self._visited():
            made = self.made(kind_of({pane.NAME: pane for pane in self.PANES}[name]))
            made.prefer(self._interval)
            await self._switcher.add_content(made)
        self._switcher.current = name
        while len(self.screen_stack) > 1:  # only now, or else the pane that is left could still open another
            await self.pop_screen()
        self._bar.point_at(name)
        self._allow_changes()
        self._switcher.get_child_by_id(name, Pane).take_focus()
        self._arrive()

    def _arrive(self) -> None:
        """Another pane is on screen; what is typed until it has answered is meant for it, but must change nothing."""
        self._header.forget()
        self._tell_what_is_known(self.shown)
        self.pass_notes()
        self._ahead.forget()
        if self.shown.state is State.LOADING and not self.window.is_open:
            self._ahead.begin(self.shown)

    def _tell_what_is_known(self, pane: Pane[Any, Any]) -> None:
        """One whose rows are old has said so when it was left, and may be asked in vain for long.

        One that was on screen all the time, as by its own key, is not asked anew and would tell nothing at all.
        """
        if pane.error is not None:
            self._header.troubled(pane.answered)
        elif pane.watched and pane.asked is None and pane.answered is not None:
            self._header.refreshed(pane.answered)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to look at without an alarm."""
        if action in ("alarm", "dismiss"):
            return self._footer.alarms.shown is not None
        return super().check_action(action, parameters)

    async def action_alarm(self) -> None:
        """Show the pane that tells more of the alarm."""
        alarm = self._footer.dismiss()
        if alarm is not None and alarm.pane in {pane.NAME for pane in self.PANES}:
            await self.action_show_pane(alarm.pane)

    def action_dismiss(self) -> None:
        """The alarm is seen."""
        self._footer.dismiss()

    @property
    def shown(self) -> Pane[Any, Any]:
        """The pane on screen; of one that has tabs, the one of these, however deep."""
        pane = self._switcher.get_child_by_id(self._switcher.current or "", Pane)
        while isinstance(pane, TabbedPane):
            pane = pane.shown
        return pane

    def _shows(self, pane: Any) -> bool:
        """Whether it is the pane on screen; one that was left, or is taken away at the end, may still be heard."""
        return pane.is_attached and self._switcher.current in self._visited() and pane is self.shown

    def _visited(self) -> set[str | None]:
        """The names of the panes that are there; each is made when it is first shown."""
        return {child.id for child in self._switcher.children}

    def remember(self, pane: str, data: Any) -> None:
        """A pane has shown something new."""

    def moved(self) -> None:
        """Say which moment is on screen; nothing can be changed in the past."""
        self._header.go_back(said(self.past.moment) if self.past else "")
        self._allow_changes()
        self.screen.refresh_bindings()

    async def left_alone(self) -> None:
        """Clear what must not stand there, and leave the pane that had some of it; monitors stay."""
        cleared = [pane for pane in self._switcher.query(Pane) if pane.forget()]
        if cleared:
            if self.shown in cleared:
                await self.action_show_pane(self.PANES[0].NAME)
            self.notify(f"No key for {age(self.IDLE)}: what was searched, found and revealed is cleared.")

    def _allow_changes(self) -> None:
        for pane in self._switcher.query(Pane):
            pane.writable = self.window.is_open and self.past is None

    async def action_window(self) -> None:
        """Open the write window, or close it."""
        from console.ui.confirm import ConfirmScreen

        if self.window.is_open:
            self.window.close("you closed it")
        elif self._is_there():
            await self.push_screen(ConfirmScreen(opening(self._header.identity.place)), self._open_window)

    def _open_window(self, consent: "Consent | None") -> None:
        if consent is not None and self._is_there():
            self.window.open(consent.reason)
            self._allow_changes()  # at once: the next key may be one of those that it allows

    def _is_there(self) -> bool:
        """Whether the server has answered who asked it last; if it has not, that is said."""
        if self._lost:
            self.notify(WITHOUT_SERVER, severity="warning")
        return not self._lost
