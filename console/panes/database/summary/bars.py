"""The line above the summary: how the database is as a whole, and since when it counts."""

from console.panes.database.summary.figures import since_text
from console.panes.database.summary.summary import Summary
from console.services.health.models import Level
from console.shared.levels import SIGNS, counted
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.lines import Piece


class Verdict(DataBar[Summary]):
    """How the database is, since when it counts."""

    def told(self, data: Summary, width: int) -> list[Piece]:
        """Its level in words, and what the totals mean."""
        bad = counted([finding.level for finding in data.findings.values()])
        return [*(bad or [Piece(f"  {SIGNS[Level.OK]} well", Tone.OK)]), Piece(f" · {since_text(data)}", Tone.MUTED)]
