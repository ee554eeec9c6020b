"""The sentence in place of a console that has no room."""

from textual.events import Key
from textual.widget import Widget
from textual.widgets import Static

from console.ui.entry import Entry
from console.ui.pane import Pane
from console.ui.terminal import LEAST_HEIGHT, LEAST_WIDTH


class TooSmall(Static):
    """Shown, alone, while the terminal is below the least size."""

    DEFAULT_CSS = "TooSmall { display: none; width: 1fr; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._last: Widget | None = None

    def on_mount(self) -> None:
        """Remember who has the keyboard: what is hidden loses it."""
        self.watch(self.screen, "focused", self._note_focus)

    def on_resize(self) -> None:
        """Name both sizes."""
        here = self.app.size
        self.update(f"This terminal is {here.width}x{here.height}; the console needs {LEAST_WIDTH}x{LEAST_HEIGHT}.")

    def leaves(self, event: object) -> bool:
        """Whether it is the key that leaves the console; while a line is typed into, that is a letter of the line."""
        if not isinstance(event, Key) or isinstance(self._last, Entry):
            return False
        bound = self.screen.active_bindings.get(event.key)
        return bound is not None and bound.binding.action == "quit"

    def give_back(self) -> None:
        """There is room again: give the keyboard to whoever had it."""
        if self.screen.focused is not None:
            return
        if self._last is not None and self._last.focusable:
            self.screen.set_focus(self._last)
        for pane in self.screen.query(Pane):
            if pane.display and self.screen.focused is None:
                pane.take_focus()

    def on_hide(self) -> None:
        """Look once more when what was hidden, and may have lost the keyboard only now, is shown."""
        self.call_after_refresh(self.give_back)

    def _note_focus(self, focused: Widget | None) -> None:
        self._last = focused or self._last
