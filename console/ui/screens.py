"""What all screens are: told whether there is room for them, and worked out once where Textual would do so twice."""

from typing import Any, Generic

from textual.events import Resize, ScreenResume
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget

from console.ui.entry import Entry
from console.ui.terminal import LEAST_HEIGHT, LEAST_WIDTH
from console.ui.toosmall import TooSmall

SMALL = "-too-small"
"""The class of a screen for which there is no room."""


class Sheet(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen of its own."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Keep the styles: each widget got its own when it was mounted, and again with all that changes them."""
        event.refresh_styles = False

    def on_resize(self, event: Resize) -> None:
        """Say whether there is room. Its own layout tells of it too, and would be done again with all that is below."""
        before = self.has_class(SMALL)
        self.set_class(event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT, SMALL)
        if before and not self.has_class(SMALL):
            self.app.stylesheet.update(self)  # now, or what is typed next would be heard by nobody
            for small in self.query(TooSmall):
                small.give_back()
        if event.size == self.outer_size:
            event.prevent_default()

    def hears(self, event: object) -> bool:
        """Whether what is typed or clicked means anything: while nothing of it can be seen, only to leave does."""
        return not self.has_class(SMALL) or any(small.leaves(event) for small in self.query(TooSmall))


def is_heard(event: object, screen: Screen[Any]) -> bool:
    """Whether what is typed or clicked means anything on a screen."""
    return not isinstance(screen, Sheet) or screen.hears(event)


def attended(widget: Widget) -> bool:
    """Whether a person still looks at it, and types no text: else what comes up would take keys meant elsewhere."""
    here = widget.display and widget.is_on_screen and widget.app.screen is widget.screen
    return here and not isinstance(widget.app.focused, Entry)


class Dialog(ModalScreen[ScreenResultType], Sheet[ScreenResultType]):
    """A screen above another."""
