"""A line of curves: how the server felt in the last ten minutes."""

from collections.abc import Callable, Sequence
from datetime import datetime

from console.db.pulse import KEPT, Pulse, Pulses, transaction_rate
from console.ui.bar import DataBar, width_of
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.past import past_of
from console.ui.spark import spark
from console.ui.text import count, rate

ROOMY = 72
"""Cells from which on it is said which time the curves go over."""

FIGURE = 7
"""Cells of a newest value."""

Value = Callable[[Pulse, Pulse | None], float | None]
"""A figure of a pulse, perhaps compared with the one before."""


class Sparks(DataBar[Pulses]):
    """Connections, transactions and blocked sessions of the last ten minutes."""

    CURVES: tuple[tuple[str, Value, Callable[[float | None], str]], ...] = (
        ("connections", lambda pulse, _: pulse.connections, count),
        ("tps", lambda pulse, before: transaction_rate(before, pulse) if before else None, rate),
        ("blocked", lambda pulse, _: pulse.blocked, count),
    )
    """What is drawn of a pulse, and how its newest value is written."""

    def told(self, data: Pulses, width: int) -> list[Piece]:
        """A curve and its newest value for each."""
        pulses = data.kept
        if not pulses:
            return [Piece("  curves: not recorded", Tone.MUTED)] if past_of(self.app) else []
        span = f"  {KEPT.total_seconds() / 60:.0f} min" if width >= ROOMY else ""
        pieces = [Piece(span, Tone.MUTED)]
        texts = sum(len(name) + FIGURE + 4 for name, *_ in self.CURVES)
        cells = max(4, min(20, (width - width_of(pieces) - texts) // len(self.CURVES)))
        for name, value, written in self.CURVES:
            curve = buckets(pulses, value, cells)
            now = value(pulses[-1], pulses[-2] if len(pulses) > 1 else None)
            pieces += [Piece(f"  {name} ", Tone.MUTED), Piece(spark(curve, cells), Tone.INFO)]
            pieces.append(Piece(f" {'?' if now is None else written(now):<{FIGURE}}", Tone.PLAIN))
        return pieces


def buckets(pulses: Sequence[Pulse], value: Value, cells: int) -> list[float | None]:
    """The greatest value of each of `cells` spans of the last ten minutes; None for a span without one.

    The spans begin at fixed moments, so that from one refresh to the next only the last one changes.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> taken = [(-599, 3), (-5, 7), (0, 5)]
    >>> pulses = [Pulse.model_construct(as_of=noon + timedelta(seconds=s), connections=n) for s, n in taken]
    >>> buckets(pulses, lambda pulse, _: pulse.connections, 5)
    [None, None, None, 7, 5]
    """
    span = KEPT.total_seconds() / cells
    found: dict[int, float] = {}
    for before, pulse in zip([None, *pulses], pulses, strict=False):
        figure = value(pulse, before)
        if figure is not None:
            place = _place(pulse.as_of, span)
            found[place] = max(figure, found.get(place, figure))
    last = _place(pulses[-1].as_of, span)
    return [found.get(place) for place in range(last - cells + 1, last + 1)]


def _place(moment: datetime, span: float) -> int:
    return int(moment.timestamp() // span)
