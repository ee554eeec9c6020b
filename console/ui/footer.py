"""The last line: what is wrong elsewhere, and the keys that work now."""

from collections.abc import Iterable, Sequence

from console.ui.alarms import Alarm, Alarms
from console.ui.bar import Bar, width_of
from console.ui.columns import Tone
from console.ui.commands import ALARM, available
from console.ui.lines import Piece

Hint = tuple[str, str]
"""A key and what it does."""


class Footer(Bar):
    """Key hints, as many as fit, from the focused widget outwards; an alarm stands before them, so nothing moves."""

    DEFAULT_CSS = "Footer { dock: bottom; }"

    def __init__(self) -> None:
        super().__init__()
        self.alarms = Alarms()
        """What is wrong elsewhere."""

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.repaint())

    def stand(self, alarms: Sequence[Alarm]) -> None:
        """Say what is wrong now."""
        self.alarms.stand(alarms)
        self._tell()

    def dismiss(self) -> Alarm | None:
        """The alarm that is shown is seen: take it away."""
        alarm = self.alarms.dismiss()
        self._tell()
        return alarm

    def _tell(self) -> None:
        self.screen.refresh_bindings()
        self.repaint()

    def pieces(self, width: int) -> list[Piece]:
        """The alarm and its keys; key, title, key, title."""
        offers = [offer for offer in available(self.screen) if offer.keys]
        pieces = self.alarms.pieces() or [Piece(" ", Tone.PLAIN)]
        hints = [offer for offer in offers if offer.command in ALARM] if self.alarms.shown else []
        hints += [offer for offer in offers if offer.command.footer]
        room = width - width_of(pieces)
        for key, title in fitting(((offer.keys[0], offer.command.title) for offer in hints), room):
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
