"""A connection that looks for its answer for a moment by itself before the event loop is asked to watch for it.

Most statements of a migration are answered within a millisecond. To have the loop watch for that costs 60 of the 120 us
that such a statement takes of our processor (measured); and the driver lets the loop go on every 5 ms, whoever asks.
"""

import select
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.rows import TupleRow
from psycopg.waiting import Ready, Wait

RV = TypeVar("RV")

MOMENT_MS = 2
"""For so long nobody else on the loop is served."""


class PromptConnection(AsyncConnection[TupleRow]):
    """The driver's connection, which is prompt where somebody wants it to be."""

    prompt = False
    """Whether answers are looked for before the loop is asked."""

    async def wait(self, gen: PQGen[RV], *how: Any, **more: Any) -> RV:
        """Follow one exchange with the server to its end, as the driver does."""
        return await super().wait(_soon(gen, self.pgconn.socket) if self.prompt else gen, *how, **more)


def _soon(gen: PQGen[RV], line: int) -> PQGen[RV]:
    """The same exchange; what arrives within a moment is not waited for by others."""
    arrived = select.poll()
    arrived.register(line, select.POLLIN)
    try:
        wanted = next(gen)
        while True:
            ready = Ready.R if wanted == Wait.R and arrived.poll(MOMENT_MS) else (yield wanted)
            wanted = gen.send(ready)
    except StopIteration as end:
        answer: RV = end.value
        return answer
