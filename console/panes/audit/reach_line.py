"""The line below the rows: how far back was looked, and what is being done."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from console.errors import ConsoleError
from console.panes.audit.columns import moment
from console.panes.audit.models import Reach
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.text import age, count
from console.units import number_of


class ReachLine(Bar):
    """How far back was looked, and what is being done."""

    DEFAULT_CSS = "ReachLine { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.reach: Reach | None = None
        """How far; None before the first search."""
        self._rest = ""
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
        told = [reach_text(self.reach)] if self.reach and self.reach.searched_from else []
        if self._doing:
            doing, since = next(reversed(self._doing.values()))
            seconds = monotonic() - since
            told += [f"{doing}{f', {age(seconds)}' if seconds >= 1 else ''}", "esc stops"]
        return [Piece(f"  {'; '.join(told) or self._rest}", Tone.MUTED)]

    @asynccontextmanager
    async def during(self, what: str, failed: Callable[[ConsoleError], object]) -> AsyncIterator[int]:
        """Say what is being done, how long it takes, and that it `failed`; gives the mark by which more is told."""
        self._done = mark = self._done + 1
        self._doing[mark] = what, monotonic()
        self._stand(failed=False)
        trouble: ConsoleError | None = None
        try:
            yield mark
        except ConsoleError as error:
            trouble = error
            failed(error)
        finally:
            del self._doing[mark]
            self._stand(failed=trouble is not None)

    def tell(self, mark: int, doing: str) -> None:
        """It has come so far."""
        self._doing[mark] = doing, self._doing[mark][1]
        self.repaint()

    def _stand(self, *, failed: bool) -> None:
        """Keys come and go with what is being done."""
        self._failed = failed
        self.repaint()
        self.refresh_bindings()

    def rest(self, said: str) -> None:
        """Say this while nothing is done, and nothing was searched."""
        self._rest = said
        self.repaint()

    def show(self, reach: Reach | None) -> None:
        """The search has come so far."""
        self.reach = reach
        self.repaint()


def reach_text(reach: Reach) -> str:
    """How far a search has looked, and what it has found; nothing before the first answer.

    >>> from datetime import UTC, datetime
    >>> back = datetime(2025, 11, 2, tzinfo=UTC)
    >>> reach_text(Reach(12_000, back, gone=2_000))
    '12,000+ rows (the last 10,000 kept), looked back to 2025-11-02 00:00:00'
    >>> reach_text(Reach(50, back)), reach_text(Reach(82, back, True)), reach_text(Reach(50, back, exact=1_204))
    ('50+ rows, looked back to 2025-11-02 00:00:00', '82 rows, that is all since 2025-11-02 00:00:00', \
'50 of 1,204 rows, looked back to 2025-11-02 00:00:00')
    >>> reach_text(Reach(0, back)), reach_text(Reach(0, back, True))
    ('nothing so far, looked back to 2025-11-02 00:00:00', 'nothing since 2025-11-02 00:00:00, all of it searched')
    """
    if reach.searched_from is None:
        return ""
    back = moment(reach.searched_from)
    if not reach.rows:
        looked = f"since {back}, all of it searched" if reach.complete else f"so far, looked back to {back}"
        return f"nothing {looked}"
    kept = f" (the last {count(reach.rows - reach.gone)} kept)" if reach.gone else ""
    if reach.complete:
        return f"{number_of(reach.rows, 'row')}{kept}, that is all since {back}"
    among = None if reach.exact is None else number_of(reach.exact, "row")
    known = f"{count(reach.rows)} of {among}" if among else f"{count(reach.rows)}+ rows"
    return f"{known}{kept}, looked back to {back}"
