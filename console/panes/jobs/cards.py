"""The lines above the jobs: how many stand how, why nothing is started, what several fail of alike, what runs here."""

from collections import Counter
from collections.abc import Iterator

from console.iso import to_minute
from console.panes.jobs.columns import BAD, STATES, WORTH_A_LOOK
from console.services.jobs.models import Cause, Jobs, JobState
from console.ui.bar import cut, width_of
from console.ui.columns import GUTTER, Tone
from console.ui.lines import Line, Piece
from console.ui.lineview import LineView
from console.ui.paragraphs import paragraph, text_line

MOST = 3
"""Cards that are shown; the others are counted."""


class Cards(LineView, can_focus=False):
    """As many lines as there is something to say."""

    DEFAULT_CSS = "Cards { height: 1; max-height: 12; overflow: hidden; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._jobs: Jobs | None = None
        self._here = ""
        self._lines: list[Line] = []

    def show(self, jobs: Jobs) -> None:
        """Say it of these jobs."""
        self._jobs = jobs
        self._lay_out()

    def run_here(self, told: str) -> None:
        """Say which job runs on our own connection; empty: none."""
        self._here = told
        self._lay_out()

    def line(self, y: int) -> Line:
        """One of them."""
        return self._lines[y] if y < len(self._lines) else text_line("", self.room.width)

    def on_resize(self) -> None:
        """Wrap them anew."""
        self._lay_out()
        self.start_over()

    def _lay_out(self) -> None:
        if self._jobs is None:
            return
        width = self.size.width or self.app.size.width  # nothing has a width before it is first shown
        self._lines = list(lines(self._jobs, self._here, width))
        self.styles.height = len(self._lines)
        self.repaint()


def lines(jobs: Jobs, here: str, width: int) -> Iterator[Line]:
    """What stands above the jobs."""
    yield summed(jobs, width)
    if here:
        yield from paragraph(f"● {here}", Tone.INFO, width)
    if jobs.trouble:
        yield from paragraph(f"✖ {jobs.trouble}", Tone.ERROR, width)
    for cause in jobs.causes[:MOST]:
        yield from card(cause, jobs, width)
    if len(jobs.causes) > MOST:
        yield text_line(f"✖ and {len(jobs.causes) - MOST} more causes in common", width, Tone.ERROR)


def summed(jobs: Jobs, width: int) -> Line:
    """How many jobs stand how."""
    counted = Counter(job.state for job in jobs.jobs)
    pieces = [Piece(f"  {len(jobs.jobs)} job{'' if len(jobs.jobs) == 1 else 's'}", Tone.PLAIN)]
    pieces += [Piece(f" · {_counted(state, counted[state])}", _tone(state)) for state in JobState if counted[state]]
    if jobs.scheduler:
        pieces.append(Piece(" · the scheduler runs", Tone.MUTED))
    shown = cut(pieces, width)
    return Line("row", (*shown, Piece(" " * (width - width_of(shown)), Tone.PLAIN)))


def card(cause: Cause, jobs: Jobs, width: int) -> Iterator[Line]:
    """What several jobs fail of alike."""
    yield from paragraph(f"✖ {len(cause.jobs)} jobs fail alike: {cause.words}", Tone.ERROR, width)
    since = f" since {to_minute(cause.since)} UTC" if cause.since else ""
    numbers = ", ".join(map(str, cause.jobs))
    yield from paragraph(f"  jobs {numbers}{since}: look at the server", Tone.MUTED, width)


def _counted(state: JobState, number: int) -> str:
    return f"{number} {STATES[state][GUTTER:]}"


def _tone(state: JobState) -> Tone:
    return Tone.ERROR if state in BAD else Tone.WARNING if state in WORTH_A_LOOK else Tone.PLAIN
