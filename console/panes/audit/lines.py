"""The lines above the rows: what is searched, and how many events there are over time."""

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from console.iso import to_day, to_minute
from console.panes.audit.models import Span
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.spark import spark
from console.ui.text import age, fit
from console.units import number_of


class Terms(Bar):
    """The search that was made, as it may be shown."""

    DEFAULT_CSS = "Terms { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._wanted: tuple[str, datetime | None, datetime] | None = None

    def pieces(self, width: int) -> Sequence[Piece]:
        """It, or how to begin."""
        if self._wanted is None:
            return [Piece(" / types a search; every search is written down in the audit log", Tone.MUTED)]
        shown, span = terms_text(*self._wanted, width - 3)
        return [Piece(" / ", Tone.MUTED), Piece(shown, Tone.INFO), Piece(f"  {span}", Tone.MUTED)]

    def say(self, shown: str, since: datetime | None, until: datetime) -> None:
        """Say what is searched."""
        self._wanted = shown or "everything", since, until
        self.repaint()

    def clear(self) -> None:
        """Nothing is searched."""
        self._wanted = None
        self.repaint()


class Over(Bar):
    """Events over the span of a search."""

    DEFAULT_CSS = "Over { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.span: Span | None = None
        """The events; None where they are not known."""
        self.said = ""
        """Why they are not known."""

    def pieces(self, width: int) -> Sequence[Piece]:
        """A curve, and what one cell of it is."""
        if self.span is None:
            return [Piece(f"   {self.said}", Tone.MUTED)]
        if not self.span.total:
            return [Piece("   no events over this span", Tone.MUTED)]
        drawn = gathered(self.span, cells(width))
        return [Piece(f"   {spark(drawn.events, len(drawn.events))}", Tone.INFO), legend(drawn)]

    def show(self, span: Span | None, said: str = "") -> None:
        """Show a curve, or say why there is none."""
        self.span, self.said = span, said
        self.repaint()


def cells(width: int) -> int:
    """Cells of a curve, so that its legend has room beside it."""
    return max(8, width - 48)


def terms_text(shown: str, since: datetime | None, until: datetime, width: int) -> tuple[str, str]:
    """A search and its span in a width: days rather than minutes where they do not fit, and never without its span.

    >>> day, noon = datetime(2026, 3, 7, 12), datetime(2026, 3, 14, 12)
    >>> terms_text("action:EXPORT", day, noon, 60), terms_text("action:EXPORT", day, noon, 40)
    (('action:EXPORT', '2026-03-07 12:00 to 2026-03-14 12:00'), ('action:EXPORT', '2026-03-07 to 2026-03-14'))
    >>> terms_text("action:EXPORT", None, noon, 38)
    ('action:E…', 'the first row to 2026-03-14')
    """
    minutes, days = (f"{said(since) if since else 'the first row'} to {said(until)}" for said in (to_minute, to_day))
    if cell_len(shown) + 2 + len(minutes) <= width:
        return shown, minutes
    room = max(1, width - 2 - len(days))
    return fit(shown, room).rstrip(), days


def gathered(span: Span, cells: int) -> Span:
    """The same in at most so many steps, each of them as long as several.

    >>> from datetime import timedelta
    >>> gathered(Span(timedelta(days=30), [1, 2, 3, 4, 5], 9), 2)
    Span(step=datetime.timedelta(days=90), events=[3, 12], changes=9)
    """
    many = -(-len(span.events) // cells)
    ends = range(len(span.events), 0, -many)
    return Span(span.step * many, [sum(span.events[max(0, end - many) : end]) for end in reversed(ends)], span.changes)


def legend(span: Span) -> Piece:
    """What a curve says in words.

    >>> from datetime import timedelta
    >>> legend(Span(timedelta(hours=6), [3, 1_204], 31)).text, legend(Span(timedelta(hours=6), [1], 0)).text
    ('  6 h a cell; 1,207 events, 31 changes', '  6 h a cell; 1 event, 0 changes')
    """
    step = age(span.step.total_seconds())
    return Piece(f"  {step} a cell; {number_of(span.total, 'event')}, {number_of(span.changes, 'change')}", Tone.MUTED)
