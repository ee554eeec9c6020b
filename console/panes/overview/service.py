"""Looks after one database: asks the cheap checks again and again, the others when somebody begins to look."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from console.db.database import Database
from console.db.pulse import Pulses
from console.services.events import Kept
from console.services.health import records, service
from console.services.health.models import Finding, Tier
from console.services.health.sources import RECORDS
from console.services.health.thresholds import thresholds

LASTS = 300.0
"""Seconds after which what is asked seldom is asked again while somebody looks."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a database is at one moment."""

    findings: Sequence[Finding]
    """What was found, the worst first, what is snoozed last."""
    rest_at: float | None
    """When the checks were asked that are asked seldom, on the monotonic clock; None if they were not yet."""
    pulses: Pulses
    """How the server felt in the last ten minutes."""


class Watch:
    """What is known of one database from one refresh to the next."""

    def __init__(self, db: Database) -> None:
        self.rest_at: float | None = None
        """When the checks were asked that are asked seldom, on the monotonic clock; None if they were not yet."""
        self._db = db
        self._facts = service.Facts()

    @property
    def due(self) -> bool:
        """Whether it is time for the checks that are asked seldom."""
        return self.rest_at is None or monotonic() - self.rest_at >= LASTS

    async def refresh(self) -> Seen:
        """Ask the cheap checks, in one round trip."""
        await self._ask([Tier.A])
        return await self.seen()

    async def refresh_rest(self, *, all_of_them: bool = False) -> Seen:
        """Ask those that cost more; `all_of_them`: also those that may open files or wait for a moment."""
        await self._ask([Tier.B, Tier.C] if all_of_them else [Tier.B])
        self.rest_at = monotonic()
        return await self.seen()

    async def seen(self) -> Seen:
        """What all checks say to what is known; asks nothing that is known."""
        server = await self._db.server()
        findings = service.judge(self._facts, server, thresholds(self._db.target.profile))
        return Seen(service.snoozed(self._db, self._facts, findings), self.rest_at, self._db.pulses)

    async def snooze(self, finding: Finding, reason: str, seconds: float) -> Kept:
        """Let a finding rest for a while."""
        latest = self._db.pulses.latest
        until = (latest.as_of if latest else datetime.now(UTC)) + timedelta(seconds=seconds)
        return await self._recorded(await records.snooze(self._db, finding.id, reason, until))

    async def wake(self, finding: Finding) -> Kept:
        """Let a finding count again."""
        return await self._recorded(await records.wake(self._db, finding.id))

    async def _recorded(self, kept: Kept) -> Kept:
        self._facts.put(RECORDS, await records.read_records(self._db))
        return kept

    async def _ask(self, tiers: Collection[Tier]) -> None:
        await service.ask(self._db, self._facts, tiers, thresholds(self._db.target.profile))
