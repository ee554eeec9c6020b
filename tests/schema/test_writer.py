"""Somebody writes audit rows while a step replaces the tables: what was committed is never lost."""

import asyncio

import psycopg
from psycopg import AsyncConnection

from tests.migrate.servers import on_both
from tests.schema.ladder import AUDIT, Ladder, Part, text

WRITE = {
    "audit_logs": b"insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id)"
    b" values ('TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid())",
    "audit_log_details": b"insert into audit_log_details (audit_log_id, audit_log_created_at)"
    b" values (gen_random_uuid(), now())",
}
ENOUGH = 30
"""Writes before the step begins, and after it has ended."""


class Writer:
    """Inserts one committed row after the other and counts them, also while there is no table."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.committed = self.tried = 0
        self.stopped = False
        self.moved = asyncio.Event()

    async def write(self, dsn: str) -> None:
        async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
            while not self.stopped:
                try:
                    await connection.execute(WRITE[self.table])
                    self.committed += 1
                except psycopg.errors.UndefinedTable:
                    pass
                self.tried += 1
                self.moved.set()

    async def more(self) -> None:
        """Wait for ENOUGH more writes."""
        goal = self.tried + ENOUGH
        while self.tried < goal:
            self.moved.clear()
            await self.moved.wait()


async def step(dsn: str, version: str, part: Part) -> None:
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection, connection.transaction():
        await connection.execute(text(version, part, "plain").encode())


async def beside_writers(dsn: str, version: str, part: Part) -> list[int]:
    """Run one step between writes; how many rows the server promised to keep, table by table."""
    writers = [Writer(table) for table in AUDIT for _ in range(2)]
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.write(dsn))
        await asyncio.gather(*(writer.more() for writer in writers))
        await step(dsn, version, part)
        await asyncio.gather(*(writer.more() for writer in writers))
        for writer in writers:
            writer.stopped = True
    return [sum(writer.committed for writer in writers if writer.table == table) for table in AUDIT]


def counted(ladder: Ladder) -> list[int]:
    """Rows of each audit table, wherever they are now."""
    gone = ladder.value("select to_regclass('audit_logs') is null")
    return [rows for rows, _ in ladder.content(*(reversed(ladder.backups()) if gone else AUDIT))]


STEPS: list[tuple[str, Part]] = [("005", "up"), ("005", "down"), ("002", "down"), ("002", "up")]


@on_both
async def test_no_committed_row_is_lost(first_four: Ladder) -> None:
    first_four.fill("002")
    for version, part in STEPS:
        if (version, part) == ("002", "down"):
            first_four.down("004", "003")
        before = counted(first_four)
        committed = await beside_writers(first_four.dsn, version, part)
        assert min(committed) >= ENOUGH
        after = [rows + more for rows, more in zip(before, committed, strict=True)]
        assert counted(first_four) == after, (version, part)
