"""The last line: what is wrong elsewhere, and the keys that work now."""

from collections.abc import Collection, Iterable, Sequence

from console.ui.alarms import Alarm, Alarms
from console.ui.bar import Bar, cut, width_of
from console.ui.columns import Tone
from console.ui.commands import ALARM, Offer, available
from console.ui.lines import Piece

Hint = tuple[str, str]
"""A key and what it does."""

HELP = "app.help"
"""The command whose key is always named: it tells all the others."""

NOW = "past.now"
"""The command that exists at an earlier moment only."""

LEADS = ("past.now", "past.back", "past.on")
"""The commands that lead away from there."""

GAP = 2
"""Cells between two hints."""


class Footer(Bar):
    """Key hints, as many as fit, from the focused widget outwards; an alarm stands before them, so nothing moves."""

    DEFAULT_CSS = "Footer { dock: bottom; }"

    def __init__(self) -> None:
        super().__init__()
        self.alarms = Alarms()
        """What is wrong elsewhere."""
        self._behind = False

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._follow())

    def _follow(self) -> None:
        """Ask once which keys work, however often that has changed by then: a new page changes it a dozen times."""
        if not self._behind:
            self._behind = True
            self.call_later(self._catch_up)

    def _catch_up(self) -> None:
        self._behind = False
        self.repaint()

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
        """The alarm and its keys; key, title, key, title. No alarm is so long that its keys and the help's must go."""
        offers = [offer for offer in available(self.screen) if offer.keys]
        alarmed = [offer for offer in offers if offer.command in ALARM] if self.alarms.shown else []
        hints = [*map(_hint, alarmed), *map(_hint, named(offers))]
        kept = [*map(_hint, alarmed), *(_hint(offer) for offer in offers if offer.command.id == HELP)]
        pieces = _shortened(self.alarms.pieces() or [Piece(" ", Tone.PLAIN)], width - sum(map(_cells, kept)))
        for key, title in fitting(hints, width - width_of(pieces), kept):
            pieces += [Piece(key, Tone.INFO), Piece(f" {title}  ", Tone.MUTED)]
        return pieces if width_of(pieces) <= width else [*pieces[:-1], Piece(pieces[-1].text.rstrip(), pieces[-1].tone)]


def named(offers: Sequence[Offer]) -> list[Offer]:
    """What is to be named, the first first: at an earlier moment how to leave it, then what changes something.

    These exist only while a person has said that he wants them.
    """
    leads = [offer for offer in offers if offer.command.id in LEADS]
    leads = leads if any(offer.command.id == NOW for offer in leads) else []
    rest = [offer for offer in offers if offer.command.footer and offer not in leads]
    return [*leads, *sorted(rest, key=lambda offer: not offer.command.dangerous)]


def fitting(hints: Iterable[Hint], width: int, kept: Collection[Hint] = ()) -> list[Hint]:
    """As many hints as the width takes: the first ones, and in any case those that are to be `kept`.

    >>> hints = [("enter", "open"), ("/", "filter"), ("p", "pause"), ("?", "help"), ("q", "quit")]
    >>> fitting(hints, 22), fitting(hints, 22, [("?", "help")])
    ([('enter', 'open'), ('/', 'filter')], [('enter', 'open'), ('?', 'help')])
    """
    room = width + GAP - sum(map(_cells, kept))
    chosen: list[Hint] = []
    for hint in hints:
        if hint not in kept:
            room -= _cells(hint)
        if hint in kept or room >= 0:
            chosen.append(hint)
    return chosen


def _hint(offer: Offer) -> Hint:
    return offer.keys[0], offer.command.title


def _cells(hint: Hint) -> int:
    """A hint with the blanks behind it."""
    key, title = hint
    return len(key) + 1 + len(title) + GAP


def _shortened(pieces: list[Piece], width: int) -> list[Piece]:
    if width_of(pieces) <= width:
        return pieces
    return [*cut(pieces, max(0, width - GAP)), Piece(" " * GAP, Tone.PLAIN)]
