"""The sentence in place of a console that has no room."""

from textual.widget import Widget
from textual.widgets import Static

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

    def on_hide(self) -> None:
        """There is room again: give the keyboard back."""
        if self.screen.focused is None:
            self.call_after_refresh(self._give_back)

    def on_resize(self) -> None:
        """Name both sizes."""
        here = self.app.size
        self.update(f"This terminal is {here.width}x{here.height}; the console needs {LEAST_WIDTH}x{LEAST_HEIGHT}.")

    def _note_focus(self, focused: Widget | None) -> None:
        self._last = focused or self._last

    def _give_back(self) -> None:
        if self._last is not None and self._last.focusable:
            self.screen.set_focus(self._last)
        for pane in self.screen.query(Pane):
            if pane.display and self.screen.focused is None:
                pane.take_focus()
