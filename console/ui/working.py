"""Doing something to several targets, one after the other, on a screen that says what became of each."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

from console.errors import ConnectionFailed, ConsoleError, Defect
from console.ui.bar import Bar, cut, width_of
from console.ui.columns import Tone
from console.ui.commands import SCROLLING, WORKING, CommandTable, bindings
from console.ui.followed import FollowedView
from console.ui.footer import Footer
from console.ui.lines import Line, Piece
from console.ui.paragraphs import blank, paragraph, text_line
from console.ui.text import age
from console.ui.toosmall import TooSmall

SIGNS = {Tone.OK: "●", Tone.WARNING: "▲", Tone.ERROR: "✖"}
"""What stands before an outcome; the sign says what the colour says."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one target."""

    text: str
    """In a few words or sentences."""
    tone: Tone = Tone.OK
    """OK, WARNING where something is left to do, ERROR where it failed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One target, and what is done to it."""

    name: str
    """The target, as a person knows it."""
    do: Callable[[], Awaitable[Outcome]]
    """Does it; a ConsoleError that it raises is its outcome."""


@dataclass(slots=True)
class Course:
    """How far it is."""

    steps: Sequence[Step]
    """All of them, in their order."""
    outcomes: list[Outcome]
    """What became of those that are over."""
    ended: bool = False
    """Whether no other one will be begun."""
    stopping: bool = False
    """Whether the one at work is to be the last."""

    def lines(self, width: int, seconds: float) -> list[Line]:
        """What a person sees; `seconds` is how long the one at work has been so."""
        lines = [line for number, step in enumerate(self.steps) for line in self._lines(number, step, width, seconds)]
        return [*lines, blank(width), *paragraph(*self.told(), width)] if self.ended else lines

    def told(self) -> tuple[str, Tone]:
        """The sentence at the end.

        >>> steps = [Step(name, print) for name in "abc"]
        >>> Course(steps, [Outcome("gone"), Outcome("refused", Tone.ERROR)]).told()[0]
        '✖ 1 of 3 done, 1 failed, 1 not begun.'
        """
        failed = sum(outcome.tone is Tone.ERROR for outcome in self.outcomes)
        warned = sum(outcome.tone is Tone.WARNING for outcome in self.outcomes)
        left = len(self.steps) - len(self.outcomes)
        tone = Tone.ERROR if failed else Tone.WARNING if warned or left else Tone.OK
        parts = [f"{len(self.outcomes) - failed - warned} of {len(self.steps)} done"]
        counts = ((warned, "not finished"), (failed, "failed"), (left, "not begun"))
        parts += [f"{count} {said}" for count, said in counts if count]
        return f"{SIGNS[tone]} {', '.join(parts)}.", tone

    def _lines(self, number: int, step: Step, width: int, seconds: float) -> Iterator[Line]:
        if number < len(self.outcomes):
            outcome = self.outcomes[number]
            yield from paragraph(f"{SIGNS[outcome.tone]} {step.name}: {outcome.text}", outcome.tone, width)
        elif self.ended:
            yield text_line(f"  {step.name}: not begun", width, Tone.MUTED)
        elif number == len(self.outcomes):
            yield text_line(f"→ {step.name}: at work for {age(seconds)}", width, Tone.INFO)
        else:
            yield text_line(f"  {step.name}: waits for its turn", width, Tone.MUTED)


class WorkView(FollowedView):
    """The lines of a course; the target at work stays in sight."""

    COMMAND_TABLE: ClassVar[CommandTable] = SCROLLING
    BINDINGS: ClassVar = bindings(SCROLLING)

    def __init__(self, course: Course, clock: Callable[[], float]) -> None:
        super().__init__()
        self._course = course
        self._clock = clock
        self.since = clock()
        """When the target at work was begun."""

    def worked_out(self) -> list[Line]:
        """Those of the course, and how long the target at work has been so."""
        return self._course.lines(self.room.width, self._clock() - self.since)

    def keep_in_sight(self) -> None:
        """Move to the target at work; after the end a person may look where he likes."""
        if not self._course.ended:
            waiting = len(self._course.steps) - len(self._course.outcomes) - 1
            self.move_to(y=max(0, len(self._lines) - waiting - self.room.height + 1))


class CourseTitle(Bar):
    """What is done at the left, how far it is at the right."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._beside = ""

    def say(self, beside: str) -> None:
        """What stands at the right."""
        self._beside = beside
        self.repaint()

    def pieces(self, width: int) -> list[Piece]:
        """What, blank, beside."""
        right = Piece(f" {self._beside} ", Tone.MUTED)
        left = cut([Piece(f" {self._what}", Tone.PLAIN)], width - width_of([right]))
        return [*left, Piece(" " * (width - width_of([*left, right])), Tone.PLAIN), right]


class WorkScreen(ModalScreen[Sequence[Outcome]]):
    """Answers with the outcomes of those that were begun, in their order; nobody leaves it in the middle."""

    AUTO_FOCUS = "WorkView"
    COMMAND_TABLE: ClassVar[CommandTable] = WORKING
    BINDINGS: ClassVar = bindings(WORKING)
    DEFAULT_CSS = "WorkScreen { background: $background; }"

    def __init__(self, what: str, steps: Sequence[Step], *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._course = Course(steps, [])
        self._title = CourseTitle(what)
        self._clock = clock
        self._began = clock()
        self._view = WorkView(self._course, clock)

    def compose(self) -> ComposeResult:
        """What is done, to whom, the keys."""
        yield self._title
        yield self._view
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Start; count the seconds."""
        self._ticking = self.set_interval(1.0, self._tick)
        self._tick()
        self._work()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop after the end, and no way back before it."""
        if action in ("stop", "stay"):
            return not self._course.ended
        return self._course.ended if action == "close" else super().check_action(action, parameters)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A mistake of ours ends the work, not the console."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self._course.outcomes.append(Outcome(Defect.of(event.worker.error).sentence(), Tone.ERROR))
            self._end()

    def action_stop(self) -> None:
        """Begin no other one."""
        self._course.stopping = True
        self._tick()

    def action_stay(self) -> None:
        """Nobody leaves in the middle."""
        self.notify("It is still at work. C stops it after this one.", timeout=3)

    def action_close(self) -> None:
        """Back, now that it has ended."""
        if self.is_current:
            self.dismiss(self._course.outcomes)

    @work(group="work", exit_on_error=False)
    async def _work(self) -> None:
        for step in self._course.steps:
            if self._course.stopping:
                break
            self._view.since = self._clock()
            self._tick()
            self._course.outcomes.append(await self._done(step))
        self._end()

    async def _done(self, step: Step) -> Outcome:
        """What became of a step; without a server the others need not be tried."""
        try:
            return await step.do()
        except ConsoleError as error:
            self._course.stopping |= isinstance(error, ConnectionFailed)
            return Outcome(error.sentence(), Tone.ERROR)

    def _tick(self) -> None:
        elapsed = age(self._clock() - self._began)
        stops = "stops after this one, " if self._course.stopping and not self._course.ended else ""
        self._title.say(f"{stops}{len(self._course.outcomes)} of {len(self._course.steps)}, {elapsed}")
        self._view.follow()

    def _end(self) -> None:
        self._ticking.stop()
        self._course.ended = True
        self._tick()
        self.refresh_bindings()
