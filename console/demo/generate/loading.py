"""Rows on their way into the database, by COPY or, where a server takes none, by INSERT."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice

from console.db.identifiers import quote
from console.db.session import Session
from console.demo.generate import rows

BATCH = 2_000
"""Rows sent at once; between two batches others may run."""

INSERT_BATCH = 500

Progress = Callable[[str, int], None]
"""Called with a table and the rows that have just been sent; with another step and 0 when that begins."""


class Loader:
    """Fills tables through one session."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self._session = session
        self._progress = progress

    async def load(self, table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
        """Write these rows, in COPY's text format; returns how many there were."""
        write = self._insert if self._session.single_session else self._copy
        count = 0
        async for sent in write(table, columns, iter(lines)):
            count += sent
            self._progress(table, sent)
        return count

    async def _copy(self, table: str, columns: Sequence[str], lines: Iterator[str]) -> AsyncIterator[int]:
        async with self._session.copy_in(quote(table), columns) as copy:
            while batch := list(islice(lines, BATCH)):
                await copy.write("".join(batch).encode())
                yield len(batch)

    async def _insert(self, table: str, columns: Sequence[str], lines: Iterator[str]) -> AsyncIterator[int]:
        names = ", ".join(map(quote, columns))
        while batch := list(islice(lines, INSERT_BATCH)):
            values = ",\n".join(map(_literals, batch))
            await self._session.execute(f"insert into {quote(table)} ({names}) values {values}")
            yield len(batch)

    @asynccontextmanager
    async def untriggered(self, *tables: str) -> AsyncIterator[None]:
        """One transaction in which these tables keep the clocks and the history that their rows bring along."""
        async with self._session.transaction():
            for table in tables:
                await self._session.execute(f"alter table {quote(table)} disable trigger user")
            yield
            for table in tables:
                await self._session.execute(f"alter table {quote(table)} enable trigger user")


def _literals(line: str) -> str:
    r"""One row as SQL.

    >>> _literals("it's\t\\N\n")
    "('it''s', NULL)"
    """
    cells = ("NULL" if v is None else "'" + v.replace("'", "''") + "'" for v in rows.values(line))
    return f"({', '.join(cells)})"
