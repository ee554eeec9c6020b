"""The first line of a screen of its own: what, and how far."""

from collections.abc import Sequence

from console.ui.bar import Bar, cut, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece


class TitleBar(Bar):
    """What is shown at the left, something short at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._what = self._beside = ""

    def say(self, what: str, beside: str = "") -> None:
        """What is shown, and what stands at the right."""
        self._what, self._beside = what, beside
        self.repaint()

    def left(self, what: str) -> Sequence[Piece]:
        """How it is named."""
        return [Piece(f" {what}", Tone.PLAIN)]

    def pieces(self, width: int) -> list[Piece]:
        """What, blank, beside."""
        right = Piece(f" {self._beside} ", Tone.MUTED)
        kept = cut(self.left(self._what), width - width_of([right]))
        return [*kept, Piece(" " * (width - width_of([*kept, right])), Tone.PLAIN), right]
