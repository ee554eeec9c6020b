"""A review of a day, with a session that may decide."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from console.config.review import Review as Thresholds
from console.db.database import LANES
from console.db.session import Session
from console.services.audit.review import service
from console.services.audit.review.service import Review
from tests.targets import target

USUAL = Thresholds().model_dump()
DAY = date(2026, 3, 14)


@asynccontextmanager
async def acting(dsn: str) -> AsyncIterator[Session]:
    """A session that may review and decide."""
    async with await Session.open(target(dsn), "act", settings=LANES["act"] | service.SETTINGS) as session:
        yield session


async def reviewed(dsn: str, since: date = DAY, until: date = DAY + timedelta(days=1), **thresholds: Any) -> Review:
    async with acting(dsn) as session:
        return await service.review(session, service.Window(since, until), USUAL | thresholds)
