"""The lines around the rows: what is searched, how many events there are over time, how far back was looked."""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from console.panes.audit.models import Reach, Span
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.spark import spark
from console.ui.text import age, count


class Terms(Bar):
    """The search that was made, as it may be shown."""

    DEFAULT_CSS = "Terms { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.said: Sequence[Piece] = ()
        """The search, and its span of time."""

    def pieces(self, width: int) -> Sequence[Piece]:
        """It, or how to begin."""
        if self.said:
            return [Piece(" / ", Tone.MUTED), *self.said]
        return [Piece(" / types a search; every search is written down in the audit log", Tone.MUTED)]

    def say(self, shown: str, since: datetime | None, until: datetime) -> None:
        """Say what is searched."""
        begins = f"{since:%Y-%m-%d %H:%M}" if since else "the first row"
        self.said = [
            Piece(shown or "everything", Tone.INFO),
            Piece(f"  {begins} to {until:%Y-%m-%d %H:%M}", Tone.MUTED),
        ]
        self.repaint()

    def clear(self) -> None:
        """Nothing is searched."""
        self.said = ()
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
        told = legend(self.span)
        return [Piece(f"   {spark(self.span.events, min(len(self.span.events), cells(width)))}", Tone.INFO), told]

    def show(self, span: Span | None, said: str = "") -> None:
        """Show a curve, or say why there is none."""
        self.span, self.said = span, said
        self.repaint()


class ReachLine(Bar):
    """How far back was looked, and what is being done."""

    DEFAULT_CSS = "ReachLine { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.reach: Reach | None = None
        """How far; None before the first search."""
        self._done = 0
        self._doing: dict[int, tuple[str, float]] = {}
        self._failed = False

    @property
    def doing(self) -> str:
        """What is being done now, the latest of it; empty if nothing."""
        return next(reversed(self._doing.values()))[0] if self._doing else ""

    def pieces(self, width: int) -> Sequence[Piece]:
        """The one that matters most."""
        if self._failed and not self._doing:
            return [Piece("  ✖ not answered", Tone.ERROR)]
        told = f"  {reach_text(self.reach)}" if self.reach else "  "
        if self._doing:
            doing, since = next(reversed(self._doing.values()))
            seconds = monotonic() - since
            told += f"{'; ' if self.reach else ''}{doing}{f', {age(seconds)}' if seconds >= 1 else ''}; esc stops"
        return [Piece(told, Tone.MUTED)]

    def begin(self, doing: str) -> int:
        """Something is being done from now on; gives the mark by which more of it is told."""
        self._done += 1
        self._doing[self._done] = doing, monotonic()
        self._failed = False
        self.repaint()
        return self._done

    def tell(self, mark: int, doing: str) -> None:
        """It has come so far."""
        self._doing[mark] = doing, self._doing[mark][1]
        self.repaint()

    def end(self, mark: int, *, failed: bool = False) -> None:
        """It is done, or was stopped, or has failed."""
        del self._doing[mark]
        self._failed = failed
        self.repaint()

    def show(self, reach: Reach | None) -> None:
        """The search has come so far."""
        self.reach = reach
        self.repaint()


def cells(width: int) -> int:
    """Cells of a curve, so that its legend has room beside it."""
    return max(8, width - 48)


def legend(span: Span) -> Piece:
    """What a curve says in words.

    >>> from datetime import timedelta
    >>> legend(Span(timedelta(hours=6), [3, 1_204], 31)).text
    '  6 h a cell; 1,207 events, 31 changes'
    """
    step = age(span.step.total_seconds())
    return Piece(f"  {step} a cell; {count(span.total)} events, {count(span.changes)} changes", Tone.MUTED)


def reach_text(reach: Reach) -> str:
    """How far a search has looked, and what it has found.

    >>> from datetime import UTC
    >>> back = datetime(2025, 11, 2, tzinfo=UTC)
    >>> reach_text(Reach(12_000, back, gone=2_000))
    '12,000+ rows (the last 10,000 kept), looked back to 2025-11-02 00:00:00'
    >>> reach_text(Reach(50, back)), reach_text(Reach(82, back, True)), reach_text(Reach(50, back, exact=1_204))
    ('50+ rows, looked back to 2025-11-02 00:00:00', '82 rows, that is all since 2025-11-02 00:00:00', \
'50 of 1,204 rows, looked back to 2025-11-02 00:00:00')
    """
    if reach.searched_from is None:
        return "searching"
    back = f"{reach.searched_from:%Y-%m-%d %H:%M:%S}"
    kept = f" (the last {count(reach.rows - reach.gone)} kept)" if reach.gone else ""
    if reach.complete:
        return f"{count(reach.rows)} row{'' if reach.rows == 1 else 's'}{kept}, that is all since {back}"
    known = f"{count(reach.rows)} of {count(reach.exact)}" if reach.exact is not None else f"{count(reach.rows)}+"
    return f"{known} rows{kept}, looked back to {back}"
