"""A page of what is masked; for a minute it shows that in clear to somebody who has said why."""

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import ClassVar

from textual import work
from textual.timer import Timer
from textual.widgets import Static

from console.errors import ConsoleError
from console.ui.commands import Command, CommandTable, bindings
from console.ui.detail import Block, DetailScreen, Page
from console.ui.facts import Fact
from console.ui.value import ValueScreen

REVEALED_SECONDS = 60.0
"""So long what is revealed can be read."""

STEP = 5.0
"""Seconds between two times that it says how long it stays: more often would be a thing that moves."""

REVEALING: CommandTable = (
    Command(id="reveal.show", keys="v", title="reveal", action="reveal", footer=True, group="Reading",
            help="what is masked, for 60 s; asks for a reason, which is written down first; once more to mask it"),
)  # fmt: skip
"""What works on such a page."""

Reveal = Callable[[str], Awaitable[Sequence[Block]]]
"""Writes the reason down, then brings what is masked in clear; raises a ConsoleError where that cannot be done."""


class RevealScreen(DetailScreen):
    """What is masked, and what is above it while it is revealed."""

    COMMAND_TABLE: ClassVar[CommandTable] = REVEALING
    BINDINGS: ClassVar = bindings(REVEALING)
    SECONDS: ClassVar = REVEALED_SECONDS

    def __init__(
        self,
        title: str,
        facts: Sequence[Fact],
        blocks: Sequence[Block],
        *,
        reveal: Reveal,
        why: str,
        trouble: Callable[[str], str],
    ) -> None:
        super().__init__(title, facts, blocks)
        self._masked = list(blocks)
        self._clear: Sequence[Block] = ()
        self._reveal = reveal
        self._why = why
        self._trouble = trouble
        self._until: float | None = None
        self._clocks: list[Timer] = []

    @property
    def is_clear(self) -> bool:
        """Whether something is revealed."""
        return self._until is not None

    def action_copy(self) -> None:
        """Copy what is masked; what is revealed is for the eye alone."""
        if self.is_clear:
            self.notify("What is revealed cannot be copied. It goes in a minute at most.")
        else:
            super().action_copy()

    async def action_reveal(self) -> None:
        """Ask why, then show what is masked; once more to mask it."""
        if self.is_clear:
            await self.mask()
        else:
            title = f"Reveal what is masked here, for {self.SECONDS:g} s"
            self.app.push_screen(ValueScreen(title, self._why, "", self._trouble), self._agreed)

    async def mask(self) -> None:
        """Show only what is masked."""
        for clock in self._clocks:
            clock.stop()
        self._clocks, self._until, self._clear = [], None, ()
        await self.redraw()

    async def redraw(self) -> None:
        """Show what there is now: what is revealed, and below it what is masked."""
        self._blocks = [*self._clear, *self._masked]
        await self.recompose()
        self.set_focus(self.query_one(Page))
        self._say_left()

    def _agreed(self, reason: str | None) -> None:
        if reason is not None:
            self._show_clear(reason)

    @work(exclusive=True, group="reveal", exit_on_error=False)
    async def _show_clear(self, reason: str) -> None:
        try:
            self._clear = await self._reveal(reason)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=15)
            return
        self._until = monotonic() + self.SECONDS
        self._clocks = [self.set_timer(self.SECONDS, self.mask), self.set_interval(STEP, self._say_left)]
        await self.redraw()

    def _say_left(self) -> None:
        """Say at the end of the title how long it stays."""
        left = "" if self._until is None else masked_in(self._until - monotonic())
        self.query_one(".title", Static).update(self._heading + left)


def masked_in(seconds: float) -> str:
    """How long what is revealed stays.

    >>> masked_in(59.7), masked_in(4.9)
    ('  masked again in 60 s', '  masked again in 5 s')
    """
    return f"  masked again in {STEP * round(seconds / STEP):g} s"
