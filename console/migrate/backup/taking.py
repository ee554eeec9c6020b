"""Counting and dumping the same moment of a database."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from console.db.session import Session
from console.db.target import Target
from console.migrate.backup import child, contents, snapshot
from console.migrate.backup.dumping import dump
from console.migrate.backup.models import Content, Hear, Progress
from console.migrate.backup.preflight import Ready

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was counted, and of which moment."""

    at: datetime
    """The moment that dump and counts show."""
    by: Literal["snapshot", "comparison"]
    """How it is known that both show the same."""
    tables: list[Content]
    """What every table held."""
    counting: float
    """Seconds that counting took."""


async def take(target: Target, found: Ready, folder: Path, hear: Hear, role: str | None) -> Taken:
    """The dump in the folder, and what it holds."""
    way = _alone if found.server.single_session else _in_one_snapshot
    return await way(target, found, folder, hear, role)


async def _in_one_snapshot(target: Target, found: Ready, folder: Path, hear: Hear, role: str | None) -> Taken:
    """Both at once: counting takes the server's time, dumping that of the program that compresses."""
    hear(Progress("dumping"))
    async with snapshot.opened(target, role) as session, snapshot.reading(session):
        exported = await snapshot.export(session)
        options = [f"--snapshot={exported.id}"]
        dumping = dump(found.programs, session.handover(), folder, hear, role=role, options=options)
        (tables, counting), _ = await _both(_count(session), dumping)
    return Taken(exported.taken_at, "snapshot", tables, counting)


async def _alone(target: Target, found: Ready, folder: Path, hear: Hear, role: str | None) -> Taken:
    """On a server with one session nobody else may be connected while it is dumped, and nothing can be shared.

    Such a server takes no COPY from a client either, so that the dump holds INSERTs.
    """
    before, counting = await _counted(target, hear, role)
    hear(Progress("dumping"))
    async with snapshot.opened(target, role) as session:
        await session.execute("deallocate all")  # those of a pg_dump before are still there
        reach = session.handover()
    await dump(found.programs, reach, folder, hear, role=role, options=["--rows-per-insert=1000"])
    after, _ = await _counted(target, hear, role)
    wrong = contents.differences(after, before)
    if wrong:
        raise child.failed(f"The database was written to while it was dumped: {'; '.join(wrong)}.")
    return Taken(found.database.as_of, "comparison", before, counting)


async def _counted(target: Target, hear: Hear, role: str | None) -> tuple[list[Content], float]:
    hear(Progress("counting"))
    async with snapshot.opened(target, role) as session, snapshot.reading(session):
        return await _count(session)


async def _count(session: Session) -> tuple[list[Content], float]:
    """What every table holds, and how many seconds it took to find out."""
    began = asyncio.get_running_loop().time()
    tables = await contents.read(session)
    return tables, round(asyncio.get_running_loop().time() - began, 3)


async def _both(first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """Run both together to their ends; the first error, and a cancel, ends the other one, too."""
    one, other = asyncio.create_task(first), asyncio.create_task(second)
    try:
        done, _ = await asyncio.wait((one, other), return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        return one.result(), other.result()
    finally:
        one.cancel()
        other.cancel()
        await asyncio.gather(one, other, return_exceptions=True)
