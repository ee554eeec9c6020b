"""Leading a person to another pane, where what he looks at is searched on; panes do not know each other."""

from textual.message import Message


class Lead(Message):
    """Another pane is to be shown, and to look for something."""

    def __init__(self, pane: str, text: str) -> None:
        super().__init__()
        self.pane = pane
        """Its name."""
        self.text = text
        """What it shall look for, in its own language."""
