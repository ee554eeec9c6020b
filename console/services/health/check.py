"""One check, and the words in which it judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from console.config.health import Health
from console.db.identifiers import quote
from console.db.server import Server
from console.services.health.models import Level, Verdict
from console.services.health.server_models import Statistics
from console.services.health.sources import Source

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Around:
    """What a check has to know besides its facts."""

    limits: Health
    """When something is called bad."""
    server: Server
    """What the server is, and what our role may do there."""
    earlier: Statistics | None = None
    """What was counted some minutes ago; None where nobody looked then."""

    def grant(self, role: str) -> str:
        """The statement that gives our role the rights of a predefined one."""
        return f"GRANT {role} TO {quote(self.server.user)};"


@dataclass(frozen=True, eq=False)
class Check(Generic[F]):
    """What is judged, from which facts, and where to look further."""

    id: str
    """H and a number where the research on TimescaleDB has it, D and a number else; it never changes."""
    title: str
    """What it is about, in a few words."""
    source: Source[F]
    """The facts; where they cannot be asked, the check does not exist."""
    judge: Callable[[F, Around], Verdict | None]
    """Pure: the same facts have the same verdict. None where there is nothing to judge, such as no audit table."""
    pane: str
    """Where to look further."""


def ok(evidence: str, value: float | None = None, threshold: float | None = None) -> Verdict:
    """All is well."""
    return Verdict(Level.OK, evidence, value, threshold)


def warn(evidence: str, value: float | None = None, threshold: float | None = None, *, remedy: str = "") -> Verdict:
    """It costs something already."""
    return Verdict(Level.WARN, evidence, value, threshold, remedy)


def crit(evidence: str, value: float | None = None, threshold: float | None = None, *, remedy: str = "") -> Verdict:
    """Somebody must act now."""
    return Verdict(Level.CRIT, evidence, value, threshold, remedy)


def unknown(evidence: str, *, remedy: str = "") -> Verdict:
    """It cannot be told."""
    return Verdict(Level.UNKNOWN, evidence, remedy=remedy)


def hidden(what: str, around: Around) -> Verdict:
    """Our role does not see what others do."""
    return unknown(f"{what} is hidden from {around.server.user}", remedy=around.grant("pg_read_all_stats"))


def above(value: float, limits: tuple[float, float | None], evidence: str, remedy: str = "") -> Verdict:
    """Judge a number that should be small; `limits` are those of a warning and of a critical finding.

    >>> above(95, (80, 90), "95 %"), above(7, (5, None), "7").level, above(3, (5, 9), "3", "vacuum;").remedy
    (Verdict(level=<Level.CRIT: 'crit'>, evidence='95 %', value=95, threshold=90, remedy=''), <Level.WARN: 'warn'>, '')
    """
    first, second = limits
    if second is not None and value >= second:
        return crit(evidence, value, second, remedy=remedy)
    return warn(evidence, value, first, remedy=remedy) if value >= first else ok(evidence, value, first)


def below(value: float, limits: tuple[float, float | None], evidence: str, remedy: str = "") -> Verdict:
    """Judge a number that should be large.

    >>> [below(share, (99, 90), "").level.value for share in (99.5, 97.8, 50)]
    ['ok', 'warn', 'crit']
    """
    first, second = limits
    if second is not None and value < second:
        return crit(evidence, value, second, remedy=remedy)
    return warn(evidence, value, first, remedy=remedy) if value < first else ok(evidence, value, first)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of several; of equals the first.

    >>> worst([ok("a"), warn("b"), warn("c")]).evidence
    'b'
    """
    return max(verdicts, key=lambda verdict: verdict.level.severity)
