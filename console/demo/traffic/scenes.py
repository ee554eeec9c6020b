"""What the services of the platform do over and over; each scene is one round on one session."""

import asyncio
from random import Random

from console.db.query import Query
from console.db.session import Session

SIGN_IN = Query(__package__, "sign_in")
LOGIN = Query(__package__, "login")
VIEW_PATIENTS = Query(__package__, "view_patients")
WORK_ON_TASK = Query(__package__, "work_on_task")
WARD_ROUND = Query(__package__, "ward_round")
SLOW_REPORT = Query(__package__, "slow_report")
CONTEND = Query(__package__, "contend")

THINKING = 1.5
"""Seconds that a person thinks at most: with a handover open, or until one more wants what is locked."""

HELD = 20.0
"""Seconds that a blocker sits idle in its transaction."""


async def task(rng: Random, session: Session) -> None:
    """A nurse moves a task on."""
    async with session.transaction():
        await session.run(SIGN_IN, anybody=True)
        await session.run(WORK_ON_TASK, skip=rng.randrange(20))


async def visit(rng: Random, session: Session) -> None:
    """Somebody signs in, looks at patients, and signs out; now and then the password is wrong at first."""
    before = ("LOGIN_FAILED", "LOGIN") if rng.random() < 0.1 else ("LOGIN",)
    async with session.transaction():
        await session.run(SIGN_IN, anybody=True)
        for action in before:
            await session.run(LOGIN, action=action)
        await session.run(VIEW_PATIENTS, skip=rng.randrange(50))
        await session.run(LOGIN, action="LOGOUT")


async def handover(rng: Random, session: Session) -> None:
    """A shift reads its list and thinks about it for a moment, with the transaction open."""
    async with session.transaction(read_only=True):
        await session.run(SIGN_IN, anybody=True)
        await session.run(WARD_ROUND)
        await asyncio.sleep(THINKING * rng.random())


async def report(_: Random, session: Session) -> None:
    """A report that takes seconds."""
    await session.run(SLOW_REPORT)


async def jam(_: Random, blocker: Session, first: Session, second: Session) -> None:
    """A blocker that went to lunch, one who waits for it, and one who waits for the one who waits."""
    async with asyncio.TaskGroup() as waiting, blocker.transaction():
        await _contend(blocker, 0)
        waiting.create_task(_change(first, 1, 0))
        await asyncio.sleep(THINKING)
        waiting.create_task(_change(second, 1))
        await asyncio.sleep(HELD)


async def _change(session: Session, *places: int) -> None:
    async with session.transaction():
        for place in places:
            await _contend(session, place)


async def _contend(session: Session, place: int) -> None:
    await session.run(SIGN_IN, anybody=False)
    await session.run(CONTEND, place=place)
