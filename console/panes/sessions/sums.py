"""The lines above the sessions: the connections used, the states that somebody is in, and what is waited for."""

from collections.abc import Iterable

from console.panes.sessions.models import Horizon, Snapshot, summary, waits
from console.ui.bar import DataBar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.text import age

SUMS = {"idle in transaction": "idle in tx", "idle in transaction (aborted)": "aborted tx"}
"""The states whose own names are too long for the line of sums."""


class SessionSums(DataBar[Snapshot]):
    """How many sessions there are, and in which states."""

    def told(self, data: Snapshot, width: int) -> list[Piece]:
        """What matters least only where there is room."""
        return whole(sums(data), width)


class SessionWaits(DataBar[Snapshot]):
    """What they wait for, and what is held."""

    def told(self, data: Snapshot, width: int) -> list[Piece]:
        """What matters least only where there is room."""
        return whole(waited(data), width)


def sums(snapshot: Snapshot) -> list[Piece]:
    """The line above the table."""
    ours = Piece(f" · {snapshot.ours_hidden} of ours hidden" if snapshot.ours_hidden else "", Tone.MUTED)
    if snapshot.grant:
        hidden = sum(session.hidden for session in snapshot.sessions)
        return [_connections(snapshot), Piece(f" · ▲ what {hidden} of them do is hidden", Tone.WARNING), ours]
    counted = summary(snapshot.sessions)
    states = (Piece(f" · {SUMS.get(state, state)} {counted[state]}", _sum_tone(state)) for state in _ordered(counted))
    return [_connections(snapshot), *states, ours]


def waited(snapshot: Snapshot) -> list[Piece]:
    """The line below it: what is waited for, who keeps rows from vacuum, what is prepared."""
    counted = waits(snapshot.sessions).most_common()
    none = Piece("  waits are hidden" if snapshot.grant else "  no waits", Tone.MUTED)
    for_what = " · ".join(f"{kind} {number}" for kind, number in counted)
    prepared = sum(keeper.kind == "prepared transaction" for keeper in snapshot.keepers)
    held = snapshot.horizon
    return [
        Piece(f"  waits {for_what}", Tone.PLAIN) if counted else none,
        *([Piece(f" · {horizon_text(held)}", Tone.WARNING if held.grave else Tone.PLAIN)] if held else ()),
        *([Piece(f" · ▲ {prepared} prepared", Tone.WARNING)] if prepared else ()),
    ]


def horizon_text(held: Horizon) -> str:
    """Who keeps rows from vacuum, in few words.

    >>> horizon_text(Horizon("4711", "session", 743.0, 48_211))
    '▲ 4711 holds vacuum back 12 m'
    """
    kind = "" if held.kind == "session" else "prepared " if held.age is not None else "slot "
    since = f"{held.transactions:,} tx" if held.age is None else age(held.age)
    return f"{'▲ ' if held.grave else ''}{kind}{held.who} holds vacuum back {since}"


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
