"""The lines around the findings: which window, what is open, when somebody last signed; why there is a finding."""

from collections.abc import Sequence

from console.panes.audit.review.columns import counted
from console.panes.audit.review.docket import Docket
from console.services.audit.review import rules
from console.services.audit.review.models import Finding
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece


class WindowLine(Bar):
    """The window, what is open in it, and the proof of the cadence."""

    DEFAULT_CSS = "WindowLine { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._docket: Docket | None = None

    def pieces(self, width: int) -> Sequence[Piece]:
        """It, or nothing before the first answer."""
        docket = self._docket
        if docket is None:
            return []
        signed, late = rules.cadence(docket.signed, docket.as_of)
        return [
            Piece(f" {docket.window.since} to {docket.window.last}", Tone.INFO),
            Piece(f"  {counted(docket)}  ", Tone.PLAIN),
            Piece(f"{'▲ ' if late else ''}{signed}", Tone.WARNING if late else Tone.MUTED),
        ]

    def show(self, docket: Docket) -> None:
        """Show it."""
        self._docket = docket
        self.repaint()


class EvidenceLine(Bar):
    """Why there is the finding under the cursor."""

    DEFAULT_CSS = "EvidenceLine { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._finding: Finding | None = None

    def pieces(self, width: int) -> Sequence[Piece]:
        """Its evidence, and its first moment."""
        found = self._finding
        if found is None:
            return []
        return [
            Piece(f"  {found.first_at:%Y-%m-%d %H:%M:%S}  ", Tone.MUTED),
            Piece(found.evidence, Tone.PLAIN),
        ]

    def show(self, finding: Finding | None) -> None:
        """Show that of this one."""
        self._finding = finding
        self.repaint()
