"""Where the engine's questions go: a session of its own, or the console's lanes."""

from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.db.server import Server

M = TypeVar("M", bound=BaseModel)


class Asker(Protocol):
    """Anything that answers queries: console.db.session.Session or console.db.database.Database."""

    async def server(self) -> Server:
        """Facts about the server."""
        ...

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """Several queries in one round trip."""
        ...


class Reader(Asker, Protocol):
    """Such an asker that also takes a single query, which may be cancelled."""

    async def fetch(self, query: Query, model: type[M], /, **params: object) -> list[M]:
        """All rows of a query as frozen models."""
        ...
