"""Waiting for a lock briefly, because whoever comes later waits behind us as long; then saying who has it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TypeVar

from console.db.session import Session
from console.errors import LockTimeout
from console.migrate.beside import Second
from console.migrate.tries import Try, jittered
from console.migrate.watch import Watch

T = TypeVar("T")


async def until_locked(session: Session, once: Callable[[], Awaitable[T]], schedule: Sequence[Try]) -> T:
    """Call `once`, which leaves nothing behind where it fails, until no lock is missing.

    LockTimeout names who was in the way at the last try.
    """
    async with Second(session.target) as second:
        watch = Watch(second, session.pid)
        for number, each in enumerate(schedule, 1):
            await session.adjust({"lock_timeout": str(each.lock_timeout)})
            try:
                async with _watched(session, watch, each, number):
                    return await once()
            except LockTimeout as error:
                if number == len(schedule):
                    raise _spent(error, schedule, watch) from error
            await asyncio.sleep(jittered(each.pause))
    raise AssertionError("a schedule has a try")


def _watched(session: Session, watch: Watch, each: Try, number: int) -> AbstractAsyncContextManager[None]:
    if number == 1 or session.single_session:
        return nullcontext()
    return watch.looking(each.lock_timeout / 2_000)


def _spent(error: LockTimeout, schedule: Sequence[Try], watch: Watch) -> LockTimeout:
    waited = sum(each.lock_timeout for each in schedule) / 1_000
    return LockTimeout(
        f"The lock it needs could not be taken in {len(schedule)} tries ({waited:g} s of waiting at most){watch.seen}.",
        hint="Let that transaction end, or end it, then try again.",
        sqlstate=error.sqlstate,
    )
