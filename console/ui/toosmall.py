"""The sentence in place of a console that has no room."""

from textual.widgets import Static

from console.ui.pane import Pane
from console.ui.terminal import LEAST_HEIGHT, LEAST_WIDTH


class TooSmall(Static):
    """Shown, alone, while the terminal is below the least size."""

    DEFAULT_CSS = """
    TooSmall { display: none; height: 1fr; }
    Screen.-too-narrow > *, Screen.-too-low > * { display: none; }
    Screen.-too-narrow > TooSmall, Screen.-too-low > TooSmall { display: block; }
    """

    def on_hide(self) -> None:
        """There is room again: give the keyboard back, which what was hidden had lost."""
        for pane in self.screen.query(Pane):
            if pane.display and self.screen.focused is None:
                self.call_after_refresh(pane.take_focus)

    def on_resize(self) -> None:
        """Name both sizes."""
        here = self.app.size
        self.update(f"This terminal is {here.width}x{here.height}; the console needs {LEAST_WIDTH}x{LEAST_HEIGHT}.")
