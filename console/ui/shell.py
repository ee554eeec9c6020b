"""The application around the panes: the terminal's limits, themes, clipboard, help and palette."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import Key
from textual.filter import LineFilter
from textual.notifications import SeverityLevel
from textual.screen import Screen

from console.errors import Defect, Exit
from console.ui import clipboard, themes
from console.ui.commands import APP, EVERYWHERE, Command, CommandTable, Offer, available, bindings
from console.ui.entry import Entry
from console.ui.extents import narrowed
from console.ui.help import HelpScreen
from console.ui.palette import Palette
from console.ui.terminal import LEAST_HEIGHT, LEAST_WIDTH, Terminal, terminal
from console.ui.text import sanitise


class Shell(App[None], inherit_bindings=False):
    """What any console needs, whatever its panes show; nothing in it moves by itself."""

    TITLE = "emr-console"
    ENABLE_COMMAND_PALETTE = False
    COMMAND_TABLE: ClassVar[CommandTable] = APP
    BINDINGS: ClassVar = bindings(APP)
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (LEAST_WIDTH, "-wide-enough")]  # noqa: RUF012 - Textual's spelling
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (LEAST_HEIGHT, "-high-enough")]  # noqa: RUF012
    CSS = """
    Screen { overflow: hidden; }
    Screen.-zoomed > Bar { display: none; }
    ContentSwitcher { height: 1fr; }
    """

    def __init__(
        self,
        *,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.terminal: Terminal = terminal(environ)
        """What can be written to it."""
        super().__init__(ansi_color=None if self.terminal.colours else True)
        self.no_color = not self.terminal.colours
        self.animation_level = "none"
        self._environ = environ
        self._line_filters = self.terminal.filters()
        for known in themes.THEMES:
            self.register_theme(known)
        self.theme = themes.chosen(theme) if self.terminal.colours else themes.PLAIN_THEME
        self.set_keymap(keymap or {})
        self._wanted_theme = theme

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, then what this terminal needs."""
        return [*super().get_line_filters(), *self._line_filters]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write less than Textual would."""
        super()._display(screen, narrowed(renderable))

    def on_key(self, event: Key) -> None:
        """A key that no widget took. If a line to type into has the focus by now, the key was meant for it.

        Keys that come in one go, as they do on a slow line, are all sent to the widget that had the focus before the
        first of them moved it.
        """
        if isinstance(self.focused, Entry) and event.is_printable and event.character:
            self.focused.insert_text_at_cursor(event.character)
            event.prevent_default()  # or else the bindings are tried

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
        said = sanitise(message, lines=True)
        super().notify(said, title=sanitise(title), severity=severity, timeout=timeout, markup=False)

    def check_settings(self, commands: Iterable[Command]) -> None:
        """Say what in the configuration means nothing: ids in `[keymap]` of no command, a theme that does not exist."""
        known = {command.id for command in (*EVERYWHERE, *commands)}
        if unknown := ", ".join(sorted(set(self._keymap) - known)):
            self.notify(f"[keymap]: there is no command {unknown}", severity="warning", timeout=15)
        names = [theme.name for theme in themes.THEMES]
        if self._wanted_theme not in (None, *names):
            said = f"there is no theme {self._wanted_theme}; there are {', '.join(names)}"
            self.notify(said, severity="warning", timeout=15)

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the terminal's clipboard, or into a file if it is too long; say which."""
        sequence = clipboard.sequence(text, self._environ)
        if sequence is None or self._driver is None:
            self._say(f"copied to {clipboard.save(text, state_folder())}")
        else:
            self._driver.write(sequence)
            self._say("copied")

    def _fatal_error(self) -> None:
        """Leave with a sentence; Textual would print a traceback with the values of all variables."""
        self._return_code = int(Exit.FAILED)
        if self._exception is not None:
            sentence = Defect.of(self._exception).sentence()
            self._exit_renderables.append(Text(f"emr-console: {sanitise(sentence)}"))
        self._close_messages_no_wait()

    async def action_help(self) -> None:
        """Show what every key does here."""
        await self.push_screen(HelpScreen(available(self.screen)))

    async def action_palette(self) -> None:
        """Find a pane or a command by its name; what is typed next is meant for it, however fast it comes."""
        await self.push_screen(Palette(available(self.screen)), self._run)

    def action_zoom(self) -> None:
        """Only the pane, or everything."""
        self.screen.toggle_class("-zoomed")

    def action_next_theme(self) -> None:
        """The next look; a terminal without colours has only one."""
        if self.terminal.colours:
            self.theme = themes.after(self.theme)
            self._say(f"theme: {self.theme}")

    def action_interrupt(self) -> None:
        """Nobody leaves by accident."""
        self.notify("q leaves the console", timeout=3)

    def _run(self, offer: Offer | None) -> None:
        if offer is not None:  # after the palette has gone: the command may close screens itself
            self.call_later(self.run_action, offer.command.action, offer.node)

    def _say(self, text: str) -> None:
        self.notify(text, timeout=3)


def state_folder() -> Path:
    """Where the console may leave files of its own."""
    import platformdirs  # only needed when something is left there

    return platformdirs.user_state_path("emr-console", appauthor=False)
