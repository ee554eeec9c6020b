"""An earlier moment, of which the panes show what they showed then."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from console.errors import ConsoleError
from console.ui.moments import said


class Timeline(Protocol):
    """What is remembered of the panes; nothing else is known of it here."""

    def moments(self, pane: str) -> Sequence[datetime]:
        """When something was kept of a pane, in order."""

    def rows(self, pane: str, moment: datetime) -> Any:
        """What its `load` had answered by then; a ConsoleError says why that is not known."""

    def asked(self, pane: str, moment: datetime) -> datetime | None:
        """When that was asked, where it was clearly before; None where it belongs to the moment."""


@dataclass(frozen=True, slots=True)
class Past:
    """One moment of it."""

    timeline: Timeline
    """What is remembered."""
    moment: datetime
    """Which moment the panes show."""
    database: Any
    """What the panes ask meanwhile; it answers nothing."""

    def rows(self, pane: str) -> Any:
        """What a pane showed then."""
        return self.timeline.rows(pane, self.moment)

    def lately(self, pane: str, span: timedelta, most: int) -> list[Any]:
        """What a pane showed in this span up to then, in order; of more moments than `most` only every so many-th."""
        moments = [at for at in self.timeline.moments(pane) if timedelta(0) <= self.moment - at <= span]
        found = []
        for at in moments[:: -max(1, -(-len(moments) // most))]:
            with suppress(ConsoleError):  # there was no answer then
                found.append(self.timeline.rows(pane, at))
        return found[::-1]

    def told(self, pane: str) -> str:
        """That the rows of a pane are older than the moment; empty where they are not."""
        asked = self.timeline.asked(pane, self.moment)
        return f"As it was at {said(asked, day=False)}: this pane is asked less often." if asked else ""


@runtime_checkable
class Rewindable(Protocol):
    """An application that can show earlier moments."""

    past: Past | None
    """The one that it shows; None: now."""

    def show_moment(self, moment: datetime | None) -> None:
        """Show this moment, or now."""


def past_of(app: object) -> Past | None:
    """The moment that an application shows; None: now."""
    return app.past if isinstance(app, Rewindable) else None
