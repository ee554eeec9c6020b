"""Rows in COPY's own formats, on their way into a table or out of the server."""

from collections.abc import AsyncGenerator, Sequence

import psycopg

BLOCK = 1 << 18
"""Bytes after which what the server has sent is handed on."""


class CopyWriter:
    """Rows on their way into a table, by COPY."""

    def __init__(self, copy: psycopg.AsyncCopy) -> None:
        self._copy = copy

    async def write(self, block: bytes) -> None:
        """Send rows that are already in COPY's text format."""
        await self._copy.write(block)

    async def write_row(self, row: Sequence[object]) -> None:
        """Send one row."""
        await self._copy.write_row(row)


async def blocks(copy: psycopg.AsyncCopy) -> AsyncGenerator[tuple[int, bytes], None]:
    """What the server sends row by row, many whole rows at once: how many, and their bytes."""
    rows, block = 0, bytearray()
    async for row in copy:
        rows += 1
        block += row
        if len(block) >= BLOCK:
            yield rows, bytes(block)
            rows, block = 0, bytearray()
    if rows:
        yield rows, bytes(block)
