"""The first line: where one is, what may be done there, and how old the data is."""

from time import monotonic

from rich.cells import cell_len
from textual.message import Message

from console.ui.bar import Bar, cut, width_of
from console.ui.columns import Tone
from console.ui.identity import Identity
from console.ui.lines import Piece
from console.ui.polling import freshness
from console.ui.text import sanitise

__all__ = ["Header", "Identity", "left_pieces"]


class Header(Bar):
    """Identity at the left, mode and freshness at the right."""

    class Identified(Message):
        """Somebody learned more about the database: its version, or that it is a standby now."""

        def __init__(self, identity: Identity) -> None:
            super().__init__()
            self.identity = identity
            """All that is known."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._identity = identity
        self._refreshed: float | None = None
        self._interval: float | None = None
        self._paused = self._failed = False
        self._write_seconds: float | None = None
        self._past = ""

    def on_mount(self) -> None:
        """Look every second whether the data has become old; that writes nothing while it has not."""
        self.set_interval(1.0, self.repaint)
        self.watch(self.screen, "stack_updates", self._note_dialog, init=False)

    def pieces(self, width: int) -> list[Piece]:
        """Left, blank, right; how often is asked is said only where nothing else has to go for it."""
        mode, age = self._mode(), self._age()
        often = Piece(f"  every {self._interval:g} s" if age.text.strip() == "live" else "", Tone.MUTED)
        left = left_pieces(self._identity, width - width_of([mode, age]) - 1)
        blank = width - width_of([*left, mode, age])
        if width_of([often]) + 1 < blank:
            return [*left, Piece(" " * (blank - width_of([often])), Tone.PLAIN), mode, often, age]
        return [*left, Piece(" " * max(1, blank), Tone.PLAIN), mode, age]

    @property
    def identity(self) -> Identity:
        """What is known of the database."""
        return self._identity

    def identify(self, identity: Identity) -> None:
        """More is known of it."""
        self._identity = identity
        self.repaint()

    def refreshed(self, at: float) -> None:
        """The pane on screen has new data."""
        self._refreshed, self._failed = at, False
        self.repaint()

    def troubled(self, answered: float | None) -> None:
        """It asked for new data in vain; what it shows came then, None: it shows nothing."""
        self._refreshed, self._failed = answered, True
        self.repaint()

    def forget(self) -> None:
        """Another pane is on screen; nothing is known of its data yet."""
        self._refreshed, self._failed = None, False
        self.repaint()

    def pace(self, interval: float | None, *, paused: bool) -> None:
        """The pane on screen asks so often, or was stopped."""
        self._interval, self._paused = interval, paused
        self.repaint()

    def write_window(self, seconds: float | None) -> None:
        """The write window closes in so many seconds; None: it is closed."""
        self._write_seconds = seconds
        self.repaint()

    def go_back(self, moment: str) -> None:
        """The panes show this moment; empty: now."""
        self._past = moment
        self.repaint()

    def _mode(self) -> Piece:
        if self._past:
            return Piece(f"AS OF {self._past}", Tone.WARNING)
        if self._write_seconds is not None:
            left = max(0, round(self._write_seconds))
            return Piece(f"READ-WRITE {left // 60:02}:{left % 60:02}", Tone.WARNING)
        return Piece("READ-ONLY, audited" if self._identity.audited else "READ-ONLY", Tone.PLAIN)

    def _age(self) -> Piece:
        if self._past:
            return Piece(" ", Tone.PLAIN)
        since = None if self._refreshed is None else monotonic() - self._refreshed
        said = freshness(since, self._interval, paused=self._paused, frozen=self._covered, failed=self._failed)
        return Piece(f"  {said} ", Tone.WARNING if said.startswith(("stale", "paused")) else Tone.MUTED)

    @property
    def _covered(self) -> bool:
        """Whether a dialog lies above, below which nothing is refreshed."""
        return self.app.screen is not self.screen

    def _note_dialog(self) -> None:
        if self._covered:  # once it is gone, the age of what it covered would be told for the blink of an eye
            self.repaint()


def left_pieces(identity: Identity, width: int) -> list[Piece]:
    """As much of the identity as fits: first go flavour, version and role, at last the place is cut.

    >>> here = Identity(profile="staging", user="dba", host="db1", database="emr", role="primary", version="18.6")
    >>> "".join(piece.text for piece in left_pieces(here, 60)), "".join(p.text for p in left_pieces(here, 22))
    (' staging  dba@db1/emr  primary  18.6', ' staging  dba@db1/emr')
    """
    production = ["PRODUCTION"] if identity.production else []
    profile = [] if identity.production and identity.profile == "production" else [sanitise(identity.profile)]
    parts = [*production, *profile, identity.place, identity.role, identity.version, sanitise(identity.flavour)]
    while len(parts) > 2 and sum(1 + cell_len(part) + bool(part) for part in parts) > width + 1:
        parts.pop()
    words = [part for part in parts if part]
    pieces = [Piece(" ", Tone.PLAIN)]
    for part in words:
        pieces.append(Piece(part, Tone.ERROR if part == "PRODUCTION" else Tone.PLAIN))
        pieces.append(Piece("  ", Tone.PLAIN))
    return cut(pieces[:-1], width)
