"""Queries of these tests, what they answer, and waiting for it."""

from pydantic import BaseModel

from console.db.query import Query
from console.db.session import Session

PACKAGE = "tests.db"
NUMBER, SERIES, MOMENTS, DIVIDE, SLEEP = (
    Query(PACKAGE, name) for name in ("number", "series", "moments", "divide", "sleep")
)


class Number(BaseModel, frozen=True, extra="forbid"):
    number: int


class Word(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    number: str


async def until(session: Session, statement: str, answer: int) -> None:
    """Ask again and again; the query's own round trip is the pause, the test's time-out the end."""
    while (await session.rows(statement))[1] != [(answer,)]:
        pass
