"""The line above the statements: since when, of how many, and what must be known about the figures."""

from console.iso import to_minute
from console.panes.statements.models import Snapshot, Totals
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.text import age, count, duration
from console.units import number_of


class StatementSums(DataBar[Snapshot]):
    """What the figures below stand for."""

    def told(self, data: Snapshot, width: int) -> list[Piece]:
        """As much as fits; the view and the warnings stand first."""
        return sums(data)


def sums(snapshot: Snapshot) -> list[Piece]:
    """The whole line."""
    totals = snapshot.totals
    if totals is None:
        return [Piece("  what runs now", Tone.PLAIN), Piece(" · the statistics cannot be read", Tone.WARNING)]
    told = _interval(snapshot, totals) if snapshot.now else _since(snapshot, totals)
    return [*told[:1], *_warnings(snapshot, totals), *told[1:]]


def _since(snapshot: Snapshot, totals: Totals) -> list[Piece]:
    since = to_minute(totals.reset) if totals.reset else "the server's beginning"
    parts = [
        f"  since {since}",
        f" · {len(snapshot.statements)} of {number_of(totals.entries, 'statement')}, by {snapshot.by}",
        f" · {duration(totals.total_time)} in all",
    ]
    return [Piece(part, Tone.PLAIN) for part in parts]


def _interval(snapshot: Snapshot, totals: Totals) -> list[Piece]:
    if snapshot.seconds is None:
        return [Piece("  now: the first interval is being measured", Tone.PLAIN)]
    busy = sum(statement.total_time for statement in snapshot.statements)
    return [
        Piece(f"  now: the last {age(snapshot.seconds)}", Tone.PLAIN),
        Piece(f" · {number_of(len(snapshot.statements), 'statement')} ended", Tone.PLAIN),
        Piece(f" · {busy / snapshot.seconds:.2f} at work on average", Tone.PLAIN),
    ]


def _warnings(snapshot: Snapshot, totals: Totals) -> list[Piece]:
    found = []
    if snapshot.filling:
        found.append(" · ▲ full: entries are being thrown away")
    elif totals.thrown_away:
        found.append(f" · ▲ full: {number_of(totals.thrown_away, 'time')} entries were thrown away")
    if totals.hidden:
        share = totals.hidden_time / totals.total_time if totals.total_time else 0
        found.append(f" · ▲ {count(totals.hidden)} hidden ({share:.0%} of the time)")
    return [Piece(text, Tone.WARNING) for text in found]
