"""Asks what the panes ask, again and again, and writes down every answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import Any

from console.db.database import Database
from console.db.pulse import Pulse
from console.errors import ConnectionFailed, ConsoleError, Defect
from console.services.history.models import Moment, Part
from console.services.history.recorded import Recorded, failed
from console.services.history.writing import Writer


class Recorder:
    """Records some panes of one database."""

    def __init__(self, db: Database, panes: Sequence[Recorded[Any]], writer: Writer) -> None:
        self.moments = 0
        """How many have been written."""
        self._db = db
        self._panes = panes
        self._questions: Mapping[str, Callable[[], Awaitable[Any]]] = {pane.name: pane.opened(db) for pane in panes}
        self._writer = writer
        self._asked: dict[str, float] = {}
        self._pulse: Pulse | None = None
        self._ahead = timedelta()
        self._latest = writer.latest()

    async def run(self, interval: float) -> None:
        """Write a moment every so many seconds until the task is cancelled; a server that is away is written, too."""
        self._db.pace(interval)
        while True:
            began = monotonic()
            self._writer.add(await self.moment())
            self.moments += 1
            await asyncio.sleep(max(0.0, interval - (monotonic() - began)))

    async def moment(self) -> Moment:
        """What all panes are answered now."""
        parts: dict[str, Part] = {}
        away: ConnectionFailed | None = None
        for pane in self._panes:
            if not self._due(pane):
                continue
            try:
                parts[pane.name] = failed(away) if away else pane.packed(await self._questions[pane.name]())
            except ConnectionFailed as error:
                away, parts[pane.name] = error, failed(error)
            except ConsoleError as error:
                parts[pane.name] = failed(error)
            except Exception as error:  # one pane's defect must not end the night's recording of the others
                parts[pane.name] = failed(Defect.of(error))
        if away:
            self._asked.clear()  # so that all are asked as soon as the server is back
        return self._dated(parts, self._new_pulse())

    def _due(self, pane: Recorded[Any]) -> bool:
        """Whether it is time for a pane, which is then taken for asked."""
        now = monotonic()
        if now - self._asked.get(pane.name, -inf) < pane.every:
            return False
        self._asked[pane.name] = now
        return True

    def _dated(self, parts: Mapping[str, Part], pulse: Pulse | None) -> Moment:
        """By the server's clock; as long as that is away by ours, corrected by what they last differed."""
        now = datetime.now(UTC)
        if pulse is not None:
            self._ahead = pulse.as_of - now
        at = now + self._ahead
        if self._latest is not None and at <= self._latest:  # a clock was set back
            at = self._latest + timedelta(microseconds=1)
        self._latest = at
        if pulse is None:
            return Moment(at, parts)
        return Moment(at, parts, pulse.blocked, pulse.connections)

    def _new_pulse(self) -> Pulse | None:
        """The pulse that rode with these answers; None if none did."""
        before, self._pulse = self._pulse, self._db.pulses.latest
        return self._pulse if self._pulse is not before else None
