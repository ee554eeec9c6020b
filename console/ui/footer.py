"""The last line: the keys that work now."""

from collections.abc import Iterable

from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.commands import available
from console.ui.lines import Piece

Hint = tuple[str, str]
"""A key and what it does."""


class Footer(Bar):
    """Key hints, as many as fit, from the focused widget outwards."""

    DEFAULT_CSS = "Footer { dock: bottom; }"

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.repaint())

    def pieces(self, width: int) -> list[Piece]:
        """Key, title, key, title."""
        offers = [offer for offer in available(self.screen) if offer.command.footer and offer.keys]
        pieces = [Piece(" ", Tone.PLAIN)]
        for key, title in fitting(((offer.keys[0], offer.command.title) for offer in offers), width - 1):
            pieces += [Piece(key, Tone.INFO), Piece(f" {title}  ", Tone.MUTED)]
        return pieces


def fitting(hints: Iterable[Hint], width: int) -> list[Hint]:
    """As many hints as the width takes.

    >>> fitting([("enter", "open"), ("/", "filter"), ("q", "quit")], 22)
    [('enter', 'open'), ('/', 'filter')]
    """
    chosen: list[Hint] = []
    for key, title in hints:
        width -= len(key) + 1 + len(title)
        if width < 0:
            break
        chosen.append((key, title))
        width -= 2
    return chosen
