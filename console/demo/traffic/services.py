"""The services of the platform as the database sees them: who they are, what they do, and how often."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random

from console.db.session import Session
from console.db.target import Target
from console.demo.traffic import scenes
from console.errors import ConsoleError
from console.services.roles.wanted import APP, REPORTING

RECONNECT_PAUSE = 1.0
"""Seconds until a service that has lost its server tries again."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: some sessions that play a scene over and over."""

    applications: tuple[str, ...]
    """application_name of each of its sessions."""
    role: str
    """Who it signs in as."""
    scene: Callable[..., Awaitable[None]]
    """Takes randomness and the sessions."""
    pause: tuple[float, float]
    """Shortest and longest rest between two rounds, in seconds."""


SERVICES = (
    Service(("emr-task-service",), APP, scenes.task, (0.5, 2)),
    Service(("emr-task-service",), APP, scenes.task, (1, 4)),
    Service(("emr-gateway",), APP, scenes.visit, (2, 6)),
    Service(("emr-handover-service",), APP, scenes.handover, (3, 8)),
    Service(("emr-reporting",), REPORTING, scenes.report, (15, 30)),
    Service(("emr-integration", "emr-task-service", "emr-mobile-sync"), APP, scenes.jam, (10, 25)),
)
"""Eight sessions, most of them idle most of the time."""


@asynccontextmanager
async def traffic(target: Target) -> AsyncIterator[None]:
    """All services at work while the body runs; `target` knows the passwords of their roles."""
    running = [asyncio.create_task(_keep(service, target, number)) for number, service in enumerate(SERVICES)]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


async def _keep(service: Service, target: Target, number: int) -> None:
    """Work until cancelled; a server that goes away is waited for."""
    rng = Random(number)
    while True:
        try:
            await _work(service, target, rng)
        except* ConsoleError:
            pass
        await asyncio.sleep(RECONNECT_PAUSE)


async def _work(service: Service, target: Target, rng: Random) -> None:
    own = Target({**target.params, "user": service.role}, target.source, environment=target.environment)
    async with AsyncExitStack() as stack:
        sessions = []
        for name in service.applications:
            session = await stack.enter_async_context(await Session.open(own, "traffic"))
            await session.execute(f"set application_name = '{name}'")
            sessions.append(session)
        await asyncio.sleep(service.pause[0] * rng.random())
        while True:
            await service.scene(rng, *sessions)
            await asyncio.sleep(rng.uniform(*service.pause))
