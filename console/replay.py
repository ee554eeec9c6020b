"""ReplayApp: the console on a recording; it asks no server, and has no key that would change one."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from textual.app import ComposeResult

from console.app import ConsoleApp
from console.recorded import RECORDED
from console.registry import PANES
from console.services.history.replayed import of_recording
from console.services.history.timeline import Replay
from console.ui.commands import REWINDING, CommandTable, bindings
from console.ui.course import CourseBar, Mark
from console.ui.header import Identity
from console.ui.moments import LAST
from console.ui.pane import Pane
from console.ui.panebar import Panes, pane_commands
from console.ui.past import Past
from console.ui.tabs import TabbedPane

_NAMES = {pane.name for pane in RECORDED}


def shown_as(pane: type[Pane[Any, Any]]) -> type[Pane[Any, Any]]:
    """The pane itself if it is recorded, or one of its tabs is; else one that has nothing but its name."""
    names = {tab.NAME for tab in pane.TABS} if issubclass(pane, TabbedPane) else {pane.NAME}
    if names & _NAMES:
        return pane
    return type(f"Unrecorded{pane.__name__}", (Unrecorded,), _called(pane))


def _called(pane: type[Pane[Any, Any]]) -> dict[str, str]:
    names = {name: getattr(pane, name) for name in ("NAME", "TITLE", "SHORT", "KEY")}
    return {**names, "__doc__": pane.__doc__ or ""}


class Unrecorded(Pane[Any, None]):
    """A pane of which nothing was recorded."""

    def body(self) -> ComposeResult:
        """Nothing."""
        return ()


class ReplayApp(ConsoleApp):
    """The console as it was."""

    PANES: ClassVar[Panes] = tuple(shown_as(pane.kind()) for pane in PANES)
    COMMAND_TABLE: ClassVar[CommandTable] = (
        *pane_commands(PANES),
        *(replace(command, footer=command.id in {"past.back", "past.on", "past.jump"}) for command in REWINDING),
    )
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)

    def __init__(
        self,
        replay: Replay,
        about: Mapping[str, Any],
        *,
        at: datetime,
        note: str = "",
        start: str | None = None,
        theme: str | None = None,
        keymap: Mapping[str, str] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        super().__init__(
            of_recording(about), Identity(**about), start=start, theme=theme, keymap=keymap, environ=environ
        )
        self._replay = self.timeline = replay
        self.past = Past(replay, at, self.database)
        self._course = CourseBar("blocked")
        self._note = note

    def compose(self) -> ComposeResult:
        """The frame, and the course of the recording above the footer."""
        yield from super().compose()
        yield self._course

    async def on_mount(self) -> None:
        """Say which moment is on screen, and why it is not the one that was asked for."""
        self.moved()
        if self._note:
            self.notify(self._note)

    def show_moment(self, moment: datetime | None) -> None:
        """Show this moment; now is the last one that was recorded."""
        if moment is None:
            self._replay.read_on()
        super().show_moment(moment or self._replay.course[-1].at)

    def after(self, last: datetime) -> datetime:
        """The first that was recorded meanwhile, or the last one."""
        self._replay.read_on()
        later = [point.at for point in self._replay.course if point.at > last]
        if not later:
            self.notify(LAST, timeout=3)
        return later[0] if later else last

    def moved(self) -> None:
        """Say where in the recording that is."""
        super().moved()
        if self.past is not None:
            marks = [Mark(point.at, point.blocked, point.connections is None) for point in self._replay.course]
            self._course.show(marks, self.past.moment)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing that could be changed."""
        return False if action == "window" else super().check_action(action, parameters)
