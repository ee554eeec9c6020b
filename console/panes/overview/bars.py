"""The line above the findings, which says how it is."""

from collections.abc import Sequence
from time import monotonic

from console.panes.overview.service import Seen
from console.services.health.models import Finding, Level
from console.shared.levels import SIGNS, counted
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.past import past_of
from console.ui.text import age


class VerdictBar(DataBar[Seen]):
    """Is it well? How many findings there are of each level, and how many are snoozed."""

    def told(self, data: Seen, width: int) -> list[Piece]:
        """All of it in one line."""
        return verdict(data.findings, self._asked(data.rest_at))

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
    pieces = counted(active)
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
