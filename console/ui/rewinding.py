"""Going back to what was on the panes earlier, and forward again to now."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from console.ui.commands import REWINDING, CommandTable, bindings
from console.ui.moments import FIRST
from console.ui.pane import Pane
from console.ui.past import Past, Timeline
from console.ui.shell import Shell


class Rewinding(Shell):
    """An application whose panes can show earlier moments; what changes anything exists only in the present."""

    COMMAND_TABLE: ClassVar[CommandTable] = REWINDING
    BINDINGS: ClassVar = bindings(REWINDING)

    timeline: Timeline
    """What is remembered."""
    past: Past | None = None
    """The moment on screen; None: now."""

    @property
    def shown(self) -> Pane[Any, Any]:
        """The pane on screen."""
        raise NotImplementedError

    @property
    def nowhere(self) -> Any:
        """What the panes ask at an earlier moment: what is true now must not be taken for what was true then."""
        raise NotImplementedError

    def moved(self) -> None:
        """Another moment is on screen, or none any more."""

    def show_moment(self, moment: datetime | None) -> None:
        """Show this moment, or now."""
        self.past = None if moment is None else Past(self.timeline, moment, self.nowhere)
        self.moved()
        self.shown.ask()

    def action_step(self, step: int) -> None:
        """Go to the moment before, or to the next one; after the last one comes now."""
        moments = self._moments()
        if moments:
            self._go(moments, self._place(moments) + step)

    def action_skip(self, minutes: int) -> None:
        """Go some minutes back or forward."""
        moments = self._moments()
        if moments:
            wanted = moments[self._place(moments)] + timedelta(minutes=minutes)
            self._go(moments, bisect_right(moments, wanted) - 1 if minutes < 0 else bisect_left(moments, wanted))

    async def action_jump(self) -> None:
        """Ask for a time to go to."""
        from console.ui.jump import JumpScreen

        moments = self._moments()
        if moments:
            await self.push_screen(JumpScreen(moments, moments[self._place(moments)]), self._jump)

    def action_latest(self) -> None:
        """Come back to now."""
        self.show_moment(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nobody comes back from now."""
        return self.past is not None if action == "latest" else super().check_action(action, parameters)

    def _jump(self, wanted: datetime | None) -> None:
        moments = self._moments()
        if wanted is not None and moments:
            self._go(moments, bisect_right(moments, wanted) - 1)

    def _go(self, moments: Sequence[datetime], place: int) -> None:
        if place < 0:
            self.notify(FIRST, timeout=3)
        self.show_moment(moments[max(0, place)] if place < len(moments) else self.after(moments[-1]))

    def after(self, last: datetime) -> datetime | None:
        """What comes after the last moment."""
        return None

    def _moments(self) -> Sequence[datetime]:
        moments = self.timeline.moments(self.shown.NAME)
        if not moments:
            self.notify("Nothing of this pane is remembered yet.", timeout=3)
        return moments

    def _place(self, moments: Sequence[datetime]) -> int:
        """Where in its moments the pane is; now is the last one, which is on screen."""
        if self.past is None:
            return len(moments) - 1
        return max(0, bisect_right(moments, self.past.moment) - 1)
