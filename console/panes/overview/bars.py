"""The line above the findings, which says how it is."""

from collections.abc import Sequence
from time import monotonic

from console.levels import SIGNS, TONES
from console.panes.overview.service import Seen
from console.services.health.models import Finding, Level
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.past import past_of
from console.ui.text import age

WORDS = {Level.CRIT: "critical", Level.WARN: "to look at", Level.UNKNOWN: "unknown"}
"""What a number of findings is called."""


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
        if past_of(self.app) is not None:
            return "" if at is not None else "the slow checks had not been asked"
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
        pieces += [Piece(" · ", Tone.MUTED), Piece(f"{len(aside)} snoozed{critical}", tone)]
    return [*pieces, Piece(f" · {asked}" if asked else "", Tone.MUTED)]
