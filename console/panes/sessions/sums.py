"""The line above the sessions: the connections used, the states that somebody is in, what is left out."""

from collections.abc import Iterable

from console.panes.sessions.models import Snapshot, summary
from console.ui.bar import Bar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece

SUMS = {"idle in transaction": "idle in tx", "idle in transaction (aborted)": "aborted tx"}
"""The states whose own names are too long for the line of sums."""


class Sums(Bar):
    """How many sessions there are, and in which states."""

    DEFAULT_CSS = "Sums { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.snapshot: Snapshot | None = None
        """What is summed up."""

    def pieces(self, width: int) -> list[Piece]:
        """The connections used and the states that somebody is in; the calm ones only where there is room."""
        return [] if self.snapshot is None else whole(sums(self.snapshot), width)


def sums(snapshot: Snapshot) -> list[Piece]:
    """The line above the table."""
    ours = Piece(f" · {snapshot.ours_hidden} of ours hidden" if snapshot.ours_hidden else "", Tone.MUTED)
    if snapshot.grant:
        hidden = sum(session.hidden for session in snapshot.sessions)
        return [_connections(snapshot), Piece(f" · ▲ what {hidden} of them do is hidden", Tone.WARNING), ours]
    counted = summary(snapshot.sessions)
    states = (Piece(f" · {SUMS.get(state, state)} {counted[state]}", _sum_tone(state)) for state in _ordered(counted))
    return [_connections(snapshot), *states, ours]


def whole(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """Those that fit whole into a width; a warning stays, and is cut.

    >>> [text for text, _ in whole([Piece("connections 4", Tone.PLAIN), Piece(" · idle 3", Tone.PLAIN)], 20)]
    ['connections 4']
    """
    kept: list[Piece] = []
    for piece in pieces:
        if piece.tone is Tone.WARNING or width_of([*kept, piece]) <= width:
            kept.append(piece)
    return kept


def _connections(snapshot: Snapshot) -> Piece:
    if snapshot.limit is None:
        return Piece(f"  connections {snapshot.connections}", Tone.PLAIN)
    full = snapshot.connections > 0.8 * snapshot.limit
    said = f"connections {snapshot.connections} of {snapshot.limit}"
    return Piece(f"  ▲ {said}" if full else f"  {said}", Tone.WARNING if full else Tone.PLAIN)


def _ordered(states: Iterable[str]) -> list[str]:
    order = ["active", "waiting", "idle in transaction", "idle in transaction (aborted)", "idle"]
    return sorted(states, key=lambda state: (order.index(state) if state in order else len(order), state))


def _sum_tone(state: str) -> Tone:
    return Tone.WARNING if state == "waiting" or "transaction" in state else Tone.PLAIN
