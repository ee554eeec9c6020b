"""The line above the findings, which says how it is, and the one below, which says how it was."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from typing import ClassVar

from console.db.pulse import KEPT, Pulse, transaction_rate
from console.panes.overview.service import Seen
from console.services.health.models import Finding, Level
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.spark import spark
from console.ui.text import age, count, rate

Value = Callable[[Pulse, Pulse | None], float | None]
"""A figure of a pulse, perhaps compared with the one before."""

WORDS = {Level.CRIT: "critical", Level.WARN: "to look at", Level.UNKNOWN: "unknown"}
"""What a number of findings is called."""

SIGNS = {Level.CRIT: "✖", Level.WARN: "▲", Level.UNKNOWN: "?", Level.OK: "●"}
"""What says the same as the colour."""

TONES = {Level.CRIT: Tone.ERROR, Level.WARN: Tone.WARNING, Level.UNKNOWN: Tone.INFO, Level.OK: Tone.OK}
"""The colour of a level."""


class VerdictBar(Bar):
    """Is it well? How many findings there are of each level, and how many are snoozed."""

    DEFAULT_CSS = "VerdictBar { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.seen: Seen | None = None
        """What is summed up."""

    def pieces(self, width: int) -> list[Piece]:
        """All of it in one line."""
        return [] if self.seen is None else verdict(self.seen.findings, self._asked(self.seen.rest_at))

    def _asked(self, at: float | None) -> str:
        if at is None:
            return "asking the rest"
        since = monotonic() - at
        return "" if since < 60 else f"slow checks {age(since)} ago"


def verdict(findings: Sequence[Finding], asked: str = "") -> list[Piece]:
    """The line above the findings; what is snoozed is always told, and whether it is critical.

    >>> "".join(piece.text for piece in verdict([], "asking the rest"))
    '  ● all of 0 checks are well · asking the rest'
    """
    active = [finding.level for finding in findings if finding.snooze is None]
    told = [(level, active.count(level)) for level in WORDS if level in active]
    pieces = [Piece(f"  {SIGNS[level]} {number} {WORDS[level]}", TONES[level]) for level, number in told]
    if not pieces:
        pieces = [Piece(f"  {SIGNS[Level.OK]} all of {len(active)} checks are well", Tone.OK)]
    elif Level.OK in active:
        pieces.append(Piece(f"  {SIGNS[Level.OK]} {active.count(Level.OK)} well", Tone.OK))
    aside = [finding.level for finding in findings if finding.snooze is not None and finding.level is not Level.OK]
    if aside:
        critical = f", {aside.count(Level.CRIT)} critical" if Level.CRIT in aside else ""
        tone = Tone.ERROR if critical else Tone.WARNING
        pieces.append(Piece(f" · {len(aside)} snoozed{critical}", tone))
    return [*pieces, Piece(f" · {asked}" if asked else "", Tone.MUTED)]


class Sparks(Bar):
    """Connections, transactions and blocked sessions of the last ten minutes."""

    DEFAULT_CSS = "Sparks { background: $surface; }"
    CURVES: ClassVar[tuple[tuple[str, Value, Callable[[float | None], str]], ...]] = (
        ("connections", lambda pulse, _: pulse.connections, count),
        ("tps", lambda pulse, before: transaction_rate(before, pulse) if before else None, rate),
        ("blocked", lambda pulse, _: pulse.blocked, count),
    )
    """What is drawn of a pulse, and how its newest value is written."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Seen | None = None
        """What is drawn."""

    def pieces(self, width: int) -> list[Piece]:
        """A curve and its newest value for each."""
        pulses = self.seen.pulses.kept if self.seen else []
        if not pulses:
            return []
        cells = max(4, min(20, width // len(self.CURVES) - 18))
        pieces = []
        for name, value, written in self.CURVES:
            curve = buckets(pulses, value, cells)
            now = value(pulses[-1], pulses[-2] if len(pulses) > 1 else None)
            pieces += [Piece(f"  {name} ", Tone.MUTED), Piece(spark(curve, cells), Tone.INFO)]
            pieces.append(Piece(f" {'?' if now is None else written(now):<6}", Tone.PLAIN))
        return pieces


def buckets(pulses: Sequence[Pulse], value: Value, cells: int) -> list[float | None]:
    """The greatest value of each of `cells` spans of the last ten minutes; None for a span without one.

    The spans begin at fixed moments, so that from one refresh to the next only the last one changes.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> taken = [(-599, 3), (-5, 7), (0, 5)]
    >>> pulses = [Pulse.model_construct(as_of=noon + timedelta(seconds=s), connections=n) for s, n in taken]
    >>> buckets(pulses, lambda pulse, _: pulse.connections, 5)
    [3, None, None, None, 7, 5]
    """
    span = KEPT.total_seconds() / cells
    found: dict[int, float] = {}
    for before, pulse in zip([None, *pulses], pulses, strict=False):
        figure = value(pulse, before)
        if figure is not None:
            place = _place(pulse.as_of, span)
            found[place] = max(figure, found.get(place, figure))
    last = _place(pulses[-1].as_of, span)
    return [found.get(place) for place in range(last - cells, last + 1)]


def _place(moment: datetime, span: float) -> int:
    return int(moment.timestamp() // span)
