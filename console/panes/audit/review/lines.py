"""The lines around the findings: which window, what is open, when somebody last signed; why there is a finding."""

from collections.abc import Sequence

from console.iso import to_minute
from console.panes.audit.review.columns import counted
from console.panes.audit.review.docket import Docket
from console.services.audit.review import rules
from console.services.audit.review.models import Finding
from console.ui.bar import DataBar
from console.ui.columns import Tone
from console.ui.lines import Piece


class WindowLine(DataBar[Docket]):
    """The window, what is open in it, and the proof of the cadence."""

    def told(self, data: Docket, width: int) -> Sequence[Piece]:
        """All three."""
        signed, late = rules.cadence(data.signed, data.as_of)
        return [
            Piece(f" {data.window.days}", Tone.INFO),
            Piece(f"  {counted(data)}  ", Tone.PLAIN),
            Piece(f"{'▲ ' if late else ''}{signed}", Tone.WARNING if late else Tone.MUTED),
        ]


class EvidenceLine(DataBar[Finding]):
    """Why there is the finding under the cursor."""

    def told(self, data: Finding, width: int) -> Sequence[Piece]:
        """Its evidence, and its first moment."""
        return [Piece(f"  {data.evidence}", Tone.PLAIN), Piece(f"  {to_minute(data.first_at)}", Tone.MUTED)]
