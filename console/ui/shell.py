"""The application around the panes: the terminal's limits, themes, clipboard, help and palette."""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from shutil import get_terminal_size
from time import monotonic
from typing import Any, ClassVar
from weakref import WeakSet

from rich.console import RenderableType
from rich.text import Text
from textual import work
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import AppBlur, AppFocus, Event, Key, MouseDown, Paste, Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.timer import Timer

from console import folders
from console.errors import Defect, Exit, UsageError
from console.ui import clipboard, themes
from console.ui.commands import APP, EVERYWHERE, INTERRUPT, Command, CommandTable, Offer, available, bindings
from console.ui.driver import LineDriver
from console.ui.entry import Entry
from console.ui.inturn import Done, InTurn, apart
from console.ui.notes import OWN, reading_seconds
from console.ui.onscreen import OnScreen
from console.ui.screens import Sheet, is_heard
from console.ui.terminal import Terminal, hung_up, terminal
from console.ui.text import sanitise
from console.ui.thrift import let_go

NOTE_LIMIT = 600
"""Characters of a note: as many as the least terminal can show of it."""

IDLE_SECONDS = 300.0
"""So long without a key or a click."""

HOLD = 1.0
"""Seconds after which a line that was cut is noticed while nothing is written."""

REST = 0.2
"""Seconds without a change after which the terminal's size has come to rest."""


class Shell(App[None], inherit_bindings=False):
    """What any console needs, whatever its panes show; nothing in it moves by itself."""

    TITLE = "emr-console"
    IDLE: ClassVar = IDLE_SECONDS
    """Seconds without a person after which it is taken for unattended."""
    ENABLE_COMMAND_PALETTE = False
    COMMAND_TABLE: ClassVar[CommandTable] = APP
    BINDINGS: ClassVar = bindings((*APP, INTERRUPT))
    CSS = """
    Screen { overflow: hidden; }
    Screen.-zoomed > Bar { display: none; }
    Screen.-too-small > * { display: none; }
    Screen.-too-small > TooSmall { display: block; }
    ContentSwitcher { height: 1fr; }
    ToastRack { margin: 2 0 1 0; max-height: 100%; overflow: hidden; }
    ToastHolder { display: none; }
    ToastHolder:last-child { display: block; }
    Toast { max-width: 100%; margin: 0; padding: 0 1; }
    Toast:nocolor, Toast:ansi { border: solid $foreground; }
    """

    def __init__(
        self,
        *,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        let_go()
        self.terminal: Terminal = terminal(environ)
        """What can be written to it."""
        self._standing = OnScreen()
        self._typed = InTurn(self, self._hear)
        super().__init__(driver_class=LineDriver, ansi_color=None if self.terminal.colours else True)
        self.no_color = not self.terminal.colours
        self.animation_level = "none"
        self._environ = environ
        self._line_filters = self.terminal.filters()
        for known in themes.THEMES:
            self.register_theme(known)
        self.theme = themes.chosen(theme) if self.terminal.colours else themes.PLAIN_THEME
        self.set_keymap(keymap or {})
        self._wanted_keys = keymap or {}
        self._wanted_theme = theme
        self._resting: Timer | None = None
        self._touched = monotonic()
        self._noted = 0.0
        self._failed = False
        self._wipes: WeakSet[Timer] = WeakSet()  # that have not run yet: Textual keeps only those

    def get_default_screen(self) -> Screen[Any]:
        """One that knows whether there is room for it."""
        return Sheet(id="_default")

    async def on_mount(self) -> None:
        """Notice when nobody is there or ever can be, and when another page is."""
        self.set_interval(self.IDLE / 20, self._look_for_person)
        if not self.is_headless:
            self.set_interval(HOLD, self._line_is_cut)
        self.screen_change_signal.subscribe(self, lambda _: self.pass_notes())
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    async def on_event(self, event: Event) -> None:
        """Somebody is there."""
        if isinstance(event, Key | Paste | MouseDown):
            self._touched = monotonic()
        if isinstance(event, AppBlur | AppFocus):
            return  # whose window it is changes nothing; the line to type into would lose what was typed before
        if isinstance(event, Done) and not event.is_forwarded:
            await self._typed.take(event)
        else:
            await super().on_event(event)

    async def _hear(self, event: Done) -> None:
        """Give what was done to whoever has the keyboard, or is under the mouse, now."""
        if not is_heard(event, self.screen):
            return
        event, *others = apart(event, self.screen.active_bindings)
        for other in others:
            await self._typed.take(other)
        if isinstance(event, Key) and event.key == "escape":
            self.pass_notes()
        await super().on_event(event)

    async def left_alone(self) -> None:
        """Nobody is there."""

    async def _look_for_person(self) -> None:
        if monotonic() - self._touched >= self.IDLE:
            self._touched = monotonic()
            await self.left_alone()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, then what this terminal needs."""
        return [*super().get_line_filters(), *self._line_filters]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write less than Textual would, to which this is private; no other place is passed by every update."""
        if not self._line_is_cut():
            super()._display(screen, self._standing.narrowed(renderable))

    def _line_is_cut(self) -> bool:
        """Whether the terminal is gone; then nobody can leave the console, and it leaves by itself."""
        line = sys.__stdin__
        if line is None or self.is_headless or not hung_up(line.fileno()):
            return False
        self.exit(return_code=128 + signal.SIGHUP)
        return True

    def on_resize(self) -> None:
        """Look once more when the size has come to rest: of two changes at once Textual may hear the first one last."""
        self._standing.forget()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._look_at_size)

    def _look_at_size(self) -> None:
        """Write what is lost of a size that came and went, too: Textual takes it for no change."""
        size = Size(*get_terminal_size())
        if size != self.size and not self.is_headless:
            self.post_message(Resize(size, size))
        self.refresh()

    def on_key(self, event: Key) -> None:
        """A key that no widget took. If a line to type into has the focus by now, the key was meant for it."""
        if isinstance(self.focused, Entry) and event.is_printable and event.character:
            self.focused.insert_text_at_cursor(event.character)
            event.prevent_default()  # or else the bindings are tried
        elif not is_heard(event, self.screen):  # another screen may have come meanwhile, whose bindings would be tried
            event.prevent_default()

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Say that `[keymap]` gave a key to two commands."""
        ids = ", ".join(sorted(binding.id or binding.action for binding in clashed_bindings))
        self.notify(f"[keymap]: the key of {ids} is taken by another command", severity="warning")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something for a while; what a server wrote into it is spelled out, and never read as markup."""
        said = sanitise(message, lines=True, limit=NOTE_LIMIT)
        self._noted = monotonic()
        lasts = reading_seconds(said) if timeout is None else timeout
        super().notify(said, title=sanitise(title), severity=severity, timeout=lasts, markup=False)
        self._wipes.add(self.set_timer(lasts + OWN, self._wipe))

    def _wipe(self) -> None:
        """Write the screen anew, since the text of a note may have been left on it.

        Textual writes what differs between two maps of the screen, and notes stand in a rack that is on neither. Where
        the rack has changed, the next question for a place draws the older map anew; if a note has gone by then, as
        the second of two has, it is on neither map, and nothing seems to have changed.
        """
        if self.screen_stack:  # else the console has ended meanwhile
            self.screen.refresh()

    def pass_notes(self) -> None:
        """Take away what was said about another page, so that it covers nothing here, nor below a dialog."""
        if self._noted and monotonic() - self._noted > OWN:
            self._noted = 0.0
            for timer in self._wipes:
                timer.stop()
            self._wipes = WeakSet([self.set_timer(OWN, self._wipe)])  # once for all that go now
            self.clear_notifications()
            for screen in self.screen_stack:
                screen.query("ToastHolder").remove()

    def check_settings(self, commands: Callable[[], Iterable[Command]]) -> None:
        """Say what in the configuration means nothing: ids in `[keymap]` of no command, a theme that does not exist.

        `commands` are those beside EVERYWHERE; asked for only if some key is configured.
        """
        known = {command.id for command in (*EVERYWHERE, *(commands() if self._wanted_keys else ()))}
        said = []
        if unknown := ", ".join(sorted(self._wanted_keys.keys() - known)):
            said.append(f"[keymap]: there is no command {unknown}")
        names = [theme.name for theme in themes.THEMES]
        if self._wanted_theme not in (None, *names):
            said.append(f"there is no theme {self._wanted_theme}; there are {', '.join(names)}")
        if said:
            self.notify("\n".join(said), severity="warning", timeout=15)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text where it can be pasted from, and say where that is."""
        self._copy(text)

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def _copy(self, text: str) -> None:
        send = super().copy_to_clipboard if self.terminal.clipboard else None
        try:
            self.notify(await clipboard.put(text, self._environ, send=send, folder=folders.state))
        except (OSError, UsageError) as error:
            why = error.sentence() if isinstance(error, UsageError) else f"{error.strerror}."
            self.notify(f"It could not be copied: {why}", severity="error")

    def _fatal_error(self) -> None:
        """Textual would print a traceback with the values of all variables; there is no public way to say otherwise."""
        self.panic()

    def panic(self, *renderables: RenderableType) -> None:
        """Leave with one sentence of ours, whatever else was to be printed, unless it ends because the line was cut."""
        if self._line_is_cut():
            return
        self.exit(return_code=int(Exit.FAILED))
        if not self._failed:
            self._failed = True
            super().panic(Text(f"emr-console: {sanitise(Defect.of(sys.exception() or Exception()).sentence())}"))

    async def action_help(self) -> None:
        """Show what every key does here."""
        from console.ui.help import HelpScreen

        await self.push_screen(HelpScreen(available(self.screen)))

    async def action_palette(self) -> None:
        """Find a pane or a command by its name; what is typed next is meant for it, however fast it comes."""
        from console.ui.palette import Palette

        await self.push_screen(Palette(available(self.screen)), self._run)

    def action_zoom(self) -> None:
        """Only the pane, or everything."""
        self.screen.toggle_class("-zoomed")

    def action_redraw(self) -> None:
        """The whole screen again, whatever has happened to it."""
        self._standing.forget()
        self.refresh()

    def action_next_theme(self) -> None:
        """The next look; a terminal without colours has only one."""
        if self.terminal.colours:
            self.theme = themes.after(self.theme)
            self.notify(f"theme: {self.theme}", timeout=3)

    def action_interrupt(self) -> None:
        """Nobody leaves by accident."""
        self.notify("q leaves the console", timeout=3)

    async def _run(self, offer: Offer | None) -> None:
        if offer is not None:
            await self.run_action(offer.command.action, offer.node)
