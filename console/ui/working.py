"""Doing something to several targets, one after the other, on a screen that says what became of each."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import work

from console.errors import ConnectionFailed, ConsoleError, Defect
from console.ui.atwork import AtWork
from console.ui.columns import Tone
from console.ui.commands import SCROLLING, WORKING, CommandTable, bindings
from console.ui.followed import Clock, FollowedView
from console.ui.lines import Line
from console.ui.paragraphs import blank, paragraph, text_line
from console.ui.text import age
from console.ui.titlebar import TitleBar

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
    since: float = 0.0
    """When the one at work was begun."""
    ended: bool = False
    """Whether no other one will be begun."""
    stopping: bool = False
    """Whether the one at work is to be the last."""

    def lines(self, width: int, now: float) -> list[Line]:
        """What a person sees."""
        lines = [line for number, step in enumerate(self.steps) for line in self._lines(number, step, width, now)]
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

    def _lines(self, number: int, step: Step, width: int, now: float) -> Iterator[Line]:
        if number < len(self.outcomes):
            outcome = self.outcomes[number]
            yield from paragraph(f"{SIGNS[outcome.tone]} {step.name}: {outcome.text}", outcome.tone, width)
        elif self.ended:
            yield text_line(f"  {step.name}: not begun", width, Tone.MUTED)
        elif number == len(self.outcomes):
            yield text_line(f"→ {step.name}: at work for {age(now - self.since)}", width, Tone.INFO)
        else:
            yield text_line(f"  {step.name}: waits for its turn", width, Tone.MUTED)


class WorkView(FollowedView[Course]):
    """The lines of a course; the target at work stays in sight."""

    COMMAND_TABLE: ClassVar[CommandTable] = SCROLLING
    BINDINGS: ClassVar = bindings(SCROLLING)

    def keep_in_sight(self) -> None:
        """Move to the target at work; after the end a person may look where he likes."""
        if not self._course.ended:
            waiting = len(self._course.steps) - len(self._course.outcomes) - 1
            self.move_to(y=max(0, len(self._lines) - waiting - self.room.height + 1))


class WorkScreen(AtWork[Sequence[Outcome]]):
    """Answers with the outcomes of those that were begun, in their order."""

    COMMAND_TABLE: ClassVar[CommandTable] = WORKING
    BINDINGS: ClassVar = bindings(WORKING)
    STAY: ClassVar = "It is still at work. C stops it after this one."

    def __init__(self, what: str, steps: Sequence[Step], *, clock: Clock = monotonic) -> None:
        self._course = Course(steps, [], since=clock())
        super().__init__(what, TitleBar(), WorkView(self._course, clock), clock)

    @property
    def answer(self) -> Sequence[Outcome] | None:
        """What became of them."""
        return self._course.outcomes if self._course.ended else None

    def begin(self) -> None:
        """Begin with the first."""
        self._work()

    def broken(self, defect: Defect) -> None:
        """That became of the one at work, and none follows it."""
        self._course.outcomes.append(Outcome(defect.sentence(), Tone.ERROR))
        self._end()

    def how_far(self) -> str:
        """How many are over, and how long all has taken."""
        stops = "stops after this one, " if self._course.stopping and not self._course.ended else ""
        return f"{stops}{len(self._course.outcomes)} of {len(self._course.steps)}, {super().how_far()}"

    def action_stop(self) -> None:
        """Begin no other one."""
        self._course.stopping = True
        self.tick()

    @work(group="work", exit_on_error=False)
    async def _work(self) -> None:
        for step in self._course.steps:
            if self._course.stopping:
                break
            self._course.since = self._clock()
            self.tick()
            self._course.outcomes.append(await self._done(step))
        self._end()

    async def _done(self, step: Step) -> Outcome:
        """What became of a step; without a server the others need not be tried."""
        try:
            return await step.do()
        except ConsoleError as error:
            self._course.stopping |= isinstance(error, ConnectionFailed)
            return Outcome(error.sentence(), Tone.ERROR)

    def _end(self) -> None:
        self._course.ended = True
        self.ended()
