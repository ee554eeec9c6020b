"""Since when a statement runs: a run tells of it again at each try, which is no new beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.migrate.reports import Event


class Begun:
    """When each statement of a run was begun, on the clock of whoever listens."""

    def __init__(self) -> None:
        self._at: dict[tuple[str | None, int | None], float] = {}

    def hear(self, event: Event, now: float) -> None:
        """Keep the first time that a statement is told of."""
        if event.event == "statement":
            self._at.setdefault((event.version, event.statement), now)

    def seconds(self, event: Event, now: float) -> float:
        """How long the statement of an event that was heard has run, with all its tries."""
        return now - self._at[event.version, event.statement]
