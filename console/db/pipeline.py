"""Several questions in one round trip.

On a line with 200 ms to the server four queries one after the other take 0.8 s, one pipeline 0.2 s; results have to be
fetched after the pipeline has been sent whole, not inside it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow, class_row, tuple_row
from pydantic import BaseModel, ValidationError

from console.db.known import Known
from console.db.query import Query
from console.db.sqlstate import misfit, translate
from console.errors import ConnectionLost, ConsoleError

M = TypeVar("M", bound=BaseModel)

PORTION = 500
"""Rows that are made at a time; between two portions the event loop sees to keys and paints."""


@dataclass(frozen=True, eq=False)
class Request(Generic[M]):
    """One question: a query, the model of its rows, its parameters."""

    query: Query
    """Which file."""
    model: type[M]
    """What a row becomes."""
    params: dict[str, object] = field(default_factory=dict)
    """Values of the query's %(name)s."""
    known: Known[M] | None = None
    """The rows of its last answer, of which those are taken that have not changed; None: all are made anew."""


class Answers:
    """What came back: rows or an error for each request."""

    def __init__(self) -> None:
        self._found: dict[Request[Any], list[Any] | ConsoleError] = {}

    def put(self, request: Request[Any], answer: list[Any] | ConsoleError) -> None:
        """Keep the answer to one request."""
        self._found[request] = answer

    def rows(self, request: Request[M]) -> list[M]:
        """The rows of a request; raises the ConsoleError it failed with."""
        answer = self._found[request]
        if isinstance(answer, ConsoleError):
            raise answer
        return answer

    def optional(self, request: Request[M]) -> M | None:
        """The first row of a request that may fail without harm; None when it did, or was not asked."""
        answer = self._found.get(request)
        return answer[0] if isinstance(answer, list) and answer else None

    def error(self, request: Request[Any]) -> ConsoleError | None:
        """Why a request has no rows, None when it has."""
        answer = self._found[request]
        return answer if isinstance(answer, ConsoleError) else None


async def ask(connection: AsyncConnection[TupleRow], requests: Sequence[Request[Any]]) -> Answers:
    """Send all requests in one round trip.

    The server drops what stands behind a failed statement in a pipeline; that is asked again at once without the failed
    one, so that one denied or slow query does not empty the others. Raises ConnectionLost when the line breaks.
    """
    answers = Answers()
    pending = list(requests)
    while pending:
        cursors, error = await _send(connection, pending)
        answered = 0
        for request, cursor in zip(pending, cursors, strict=False):
            if cursor.pgresult is None or cursor.description is None:
                break
            answers.put(request, await _rows(request, cursor))
            answered += 1
        if error is None:
            break
        if isinstance(error, ConnectionLost):
            raise error
        if answered == len(pending):
            break  # it came when everything had been answered
        answers.put(pending[answered], error)
        pending = pending[answered + 1 :]
    return answers


async def _send(
    connection: AsyncConnection[TupleRow], requests: Sequence[Request[Any]]
) -> tuple[list[AsyncCursor[TupleRow]], ConsoleError | None]:
    cursors: list[AsyncCursor[TupleRow]] = []
    major = connection.info.server_version // 10000
    try:
        async with connection.pipeline():
            for request in requests:
                cursor = connection.cursor(row_factory=tuple_row)
                cursors.append(cursor)
                await cursor.execute(request.query.text(major).encode(), request.params)
    except BaseException as error:  # also when the task is cancelled
        # The driver now takes for prepared what the server has dropped with the failure, and has no way to be told.
        connection.prepare_threshold = None
        if isinstance(error, psycopg.Error):
            return cursors, translate(error)
        raise
    return cursors, None


async def _rows(request: Request[M], cursor: AsyncCursor[TupleRow]) -> list[M] | ConsoleError:
    make = class_row(request.model)(cursor)
    if request.known is not None:
        make = request.known.reusing(make)
    rows: list[M] = []
    try:
        while sent := await cursor.fetchmany(PORTION):
            rows += map(make, sent)
            if len(sent) == PORTION:
                await asyncio.sleep(0)
        return rows
    except ValidationError as error:
        return misfit(error)
    except psycopg.Error as error:
        return translate(error)
