"""The lines above the summary: how it is as a whole, and curves of the last ten minutes."""

from console.levels import SIGNS, TONES
from console.panes.database.summary.figures import since_text
from console.panes.database.summary.summary import Summary
from console.services.health.models import Level
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece

WORDS = {Level.CRIT: "critical", Level.WARN: "to look at", Level.UNKNOWN: "unknown"}
"""What a number of findings is called."""


class Verdict(Bar):
    """How the database is, since when it counts."""

    DEFAULT_CSS = "Verdict { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.summary: Summary | None = None
        """What is judged."""

    def pieces(self, width: int) -> list[Piece]:
        """Its level in words, and what the totals mean."""
        if self.summary is None:
            return []
        return [*verdict(self.summary), Piece(f" · {since_text(self.summary)}", Tone.MUTED)]


def verdict(summary: Summary) -> list[Piece]:
    """How many findings there are of each level that is not well."""
    levels = [finding.level for finding in summary.findings.values()]
    told = [(level, levels.count(level)) for level in WORDS if level in levels]
    if not told:
        return [Piece(f"  {SIGNS[Level.OK]} well", Tone.OK)]
    return [Piece(f"  {SIGNS[level]} {number} {WORDS[level]}", TONES[level]) for level, number in told]
