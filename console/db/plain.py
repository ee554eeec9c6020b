"""A statement without values, sent as it is and answered without a cursor.

A cursor looks for placeholders, for adapters and among the prepared statements; for the two hundred statements of a
migration, which have nothing to do with these, that is half of what they take of our processor (measured).
"""

from collections.abc import Sequence

from psycopg import AsyncConnection, errors, generators
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

_ANSWERED = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.EMPTY_QUERY)


async def send(connection: AsyncConnection[TupleRow], statement: str) -> int:
    """Execute a text of one or more statements; the rows that the last one has affected, -1 where none are counted.

    Raises the driver's errors, as a cursor does.
    """
    async with connection.lock:
        connection.pgconn.send_query(statement.encode())
        results = await connection.wait(generators.execute(connection.pgconn))
    _require_answered(results, connection.info.encoding)
    rows = results[-1].command_tuples
    return -1 if rows is None else rows


def _require_answered(results: Sequence[PGresult], encoding: str) -> None:
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result, encoding=encoding)
        if result.status not in _ANSWERED:
            raise errors.ProgrammingError("COPY moves rows that are not in the statement")
