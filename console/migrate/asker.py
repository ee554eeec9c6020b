"""Where the engine's questions go: a session of its own, or the console's lanes."""

from typing import Any, Protocol

from console.db.pipeline import Answers, Request
from console.db.server import Server


class Asker(Protocol):
    """Anything that answers queries: console.db.session.Session or console.db.database.Database."""

    async def server(self) -> Server:
        """Facts about the server."""
        ...

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """Several queries in one round trip."""
        ...
