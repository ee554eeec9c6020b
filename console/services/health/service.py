"""Asks what the checks need, as little as may be, and lets them judge."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from console.config.health import Health
from console.db.database import Database
from console.db.identifiers import quote
from console.db.server import Server
from console.errors import ConnectionFailed, ConsoleError, NoPrivilege
from console.services.capabilities import capabilities
from console.services.health.catalogue import CHECKS
from console.services.health.check import Around, Check, unknown
from console.services.health.models import Finding, Level, Tier, Verdict
from console.services.health.records import snoozes
from console.services.health.server_models import Statistics
from console.services.health.sources import (
    JOBS,
    RECORDS,
    STATISTICS,
    AnySource,
    Apart,
    Asking,
    Question,
    Riding,
    Source,
)

F = TypeVar("F")

MEMORY = timedelta(minutes=5)
"""How far back counters are remembered."""


@dataclass(slots=True)
class Facts:
    """What was found out, by source; for a source that could not be asked, why."""

    found: dict[AnySource, Any] = field(default_factory=dict)
    """Facts, or a ConsoleError."""
    counted: list[Statistics] = field(default_factory=list)
    """What was counted in the last minutes, the oldest first."""

    def of(self, source: Source[F]) -> F | None:
        """The facts of a source; None where it was not asked, or could not be."""
        found = self.found.get(source)
        return None if isinstance(found, ConsoleError) else cast("F | None", found)

    def put(self, source: AnySource, found: Any) -> None:
        """Keep what was found out, and counters for a while."""
        self.found[source] = found
        if source is STATISTICS and isinstance(found, Statistics):
            self.counted = [each for each in self.counted if found.as_of - each.as_of <= MEMORY] + [found]


async def ask(db: Database, facts: Facts, tiers: Collection[Tier], limits: Health) -> None:
    """Ask all sources of some tiers that this server has; what could not be asked is kept as its error.

    Raises ConnectionFailed, which is no finding of a check.
    """
    asking = Asking(db, await capabilities(db), limits)
    sources = [source for source in SOURCES if source.tier in tiers and asking.able.flavour in source.flavours]
    await _ride(asking, facts, [source for source in sources if isinstance(source, Riding)])
    for source in sources:
        if isinstance(source, Apart):
            try:
                facts.put(source, await source.read(db))
            except ConnectionFailed:
                raise
            except ConsoleError as error:
                facts.put(source, error)


async def _ride(asking: Asking, facts: Facts, sources: Iterable[Riding[Any]]) -> None:
    """Ask in one round trip."""
    questions: list[tuple[Riding[Any], Question[Any]]] = [(source, source.question(asking)) for source in sources]
    answers = await asking.db.pipeline(*(request for _, question in questions for request in question.requests))
    for source, question in questions:
        try:
            facts.put(source, question.read(answers, facts.of(source)))
        except ConsoleError as error:
            facts.put(source, error)


def judge(facts: Facts, server: Server, limits: Health) -> list[Finding]:
    """What all checks say whose facts were asked for, the worst first; nothing is asked here."""
    around = Around(limits, server, facts.counted[0] if facts.counted else None)
    findings = [
        Finding(check.id, check.title, check.pane, check.source.tier, verdict)
        for check in CHECKS
        if check.source in facts.found and (verdict := _verdict(check, facts, around)) is not None
    ]
    return sorted(findings, key=lambda finding: finding.urgency)


async def examine(db: Database, limits: Health) -> list[Finding]:
    """Every check of one database, once."""
    facts = Facts()
    await ask(db, facts, list(Tier), limits)
    if (known := facts.of(JOBS)) and known.lost:
        await ask(db, facts, [Tier.A], limits)  # whether a job is stuck only a second look tells
    return snoozed(db, facts, judge(facts, await db.server(), limits))


def snoozed(db: Database, facts: Facts, findings: Iterable[Finding]) -> list[Finding]:
    """The same, with who has snoozed what; those come last."""
    counted = facts.of(STATISTICS)
    now = counted.as_of if counted else datetime.now(UTC)  # the clock of this machine may be wrong
    known = snoozes(db, facts.of(RECORDS), now)
    marked = [replace(finding, snooze=known.get(finding.id)) for finding in findings]
    return sorted(marked, key=lambda finding: finding.urgency)


def worst_level(findings: Iterable[Finding]) -> Level:
    """The level of the whole: that of the worst finding, also of one that is snoozed."""
    return max((finding.level for finding in findings), key=lambda level: level.severity, default=Level.OK)


def _verdict(check: Check[Any], facts: Facts, around: Around) -> Verdict | None:
    found = facts.found[check.source]
    if not isinstance(found, ConsoleError):
        return check.judge(found, around)
    if isinstance(found, NoPrivilege):
        return unknown(found.message, remedy=check.source.grant.format(role=quote(around.server.user)))
    return unknown(found.message)


SOURCES: tuple[AnySource, ...] = tuple(dict.fromkeys(check.source for check in CHECKS))
"""Everything that some check needs."""
