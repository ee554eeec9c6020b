"""What all screens are: told whether there is room for them, and worked out once where Textual would do so twice."""

from typing import Generic

from textual.events import Resize, ScreenResume
from textual.screen import ModalScreen, Screen, ScreenResultType

from console.ui.terminal import LEAST_HEIGHT, LEAST_WIDTH


class Sheet(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen of its own."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Keep the styles: each widget got its own when it was mounted, and again with all that changes them."""
        event.refresh_styles = False

    def on_resize(self, event: Resize) -> None:
        """Say whether there is room. Its own layout tells of it too, and would be done again with all that is below."""
        self.set_class(event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT, "-too-small")
        if event.size == self.outer_size:
            event.prevent_default()


class Dialog(ModalScreen[ScreenResultType], Sheet[ScreenResultType]):
    """A screen above another."""
