"""All findings of a test server, by check."""

from console.config.health import Health
from console.db.database import Database
from console.db.target import Target
from console.services.health import service
from console.services.health.models import Finding


async def findings(target: Target, **limits: float) -> dict[str, Finding]:
    """What every check says, under some other thresholds."""
    async with Database(target) as db:
        return {finding.id: finding for finding in await service.examine(db, Health(**limits))}
