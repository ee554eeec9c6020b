"""How the poll lane asks: as patient as its interval, the pulse behind, nothing again that was refused."""

from collections.abc import Sequence
from typing import Any

from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE, Pulse, Pulses
from console.db.query import Query
from console.db.session import Session
from console.errors import NoPrivilege

PATIENCE_MS = 2_000
"""A refresh that takes longer is given up: the next one is due."""


def patience_ms(interval: float | None) -> int:
    """How long a query of a refresh may take, by the seconds until the next refresh.

    >>> patience_ms(0.5), patience_ms(30.0), patience_ms(None)
    (500, 2000, 2000)
    """
    return PATIENCE_MS if interval is None else max(1, min(PATIENCE_MS, int(interval * 1000)))


class Poll:
    """What is known of the poll lane beside its connection."""

    def __init__(self) -> None:
        self.pulses = Pulses()
        """The pulses that came."""
        self.patience_ms = PATIENCE_MS
        """How long a query may take from now on."""
        self.refused: dict[Query, NoPrivilege] = {}
        """What this connection's role may not ask."""
        self._session: Session | None = None

    async def ask(self, session: Session, requests: Sequence[Request[Any]]) -> tuple[Answers, Pulse | None]:
        """The answers to all requests, and the pulse if it could be had."""
        await self._prepare(session)
        asked = [request for request in (*requests, PULSE) if request.query not in self.refused]
        answers = await session.pipeline(*asked)
        for request in requests:
            if request not in asked:
                answers.put(request, self.refused[request.query])
        self._note_refusals(answers, asked)
        pulse = answers.optional(PULSE)
        if pulse is not None:
            self.pulses.add(pulse)
        return answers, pulse

    async def _prepare(self, session: Session) -> None:
        """A new connection may be another role's, and begins with the lane's first settings."""
        if session is not self._session:
            self._session = session
            self.refused.clear()
        limit = {"statement_timeout": str(self.patience_ms)}
        if limit.items() - session.settings.items():
            await session.adjust(limit)

    def _note_refusals(self, answers: Answers, asked: Sequence[Request[Any]]) -> None:
        for request in asked:
            error = answers.error(request)
            if isinstance(error, NoPrivilege):
                self.refused[request.query] = error
