"""What a check finds."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any


class Level(StrEnum):
    """How bad something is, as --json spells it; the worst first."""

    CRIT = "crit"
    """Somebody must act now."""
    WARN = "warn"
    """It will be critical, or it costs something already."""
    UNKNOWN = "unknown"
    """It cannot be told; the finding says why."""
    OK = "ok"
    """All is well."""

    @property
    def severity(self) -> int:
        """The higher the worse.

        >>> Level.CRIT.severity > Level.WARN.severity > Level.UNKNOWN.severity > Level.OK.severity
        True
        """
        return len(Level) - list(Level).index(self)


class Tier(Enum):
    """What a check costs the server."""

    A = "polled"
    """At most 10 ms; asked with every refresh."""
    B = "on opening"
    """At most 100 ms; asked when somebody begins to look, and its age is shown."""
    C = "on request"
    """It opens files, or may wait behind a compression; asked when a person wants it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check makes of the facts."""

    level: Level
    """How bad it is."""
    evidence: str
    """What was found, in few words; without patients' data."""
    value: float | None = None
    """The number that was judged; None where it is none."""
    threshold: float | None = None
    """The number from which on the level holds, or the one that would be the next; None where there is none."""
    remedy: str = ""
    """SQL, or a command, to copy; empty where nothing has to be done."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """A finding that somebody lets rest."""

    check: str
    """The check's id."""
    until: datetime
    """When it counts again, by the server's clock."""
    reason: str
    """Why."""
    operator: str
    """Who."""
    local: bool = False
    """Whether only this person knows: it is in a file of his own, and not in the database."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one database at one moment."""

    id: str
    """The check, such as H04."""
    title: str
    """What it is about."""
    pane: str
    """Where to look further."""
    tier: Tier
    """What asking costs."""
    verdict: Verdict
    """What it found."""
    snooze: Snooze | None = None
    """Who snoozed it; None where nobody did."""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return self.verdict.level

    @property
    def urgency(self) -> tuple[bool, int]:
        """The order in which a person wants them: the worst first, what is snoozed last."""
        return self.snooze is not None, -self.level.severity

    def as_json(self) -> dict[str, Any]:
        """The row as --json spells it."""
        snooze = self.snooze and {
            "until": self.snooze.until,
            "reason": self.snooze.reason,
            "operator": self.snooze.operator,
        }
        return {
            "id": self.id,
            "title": self.title,
            "level": self.level,
            "value": self.verdict.value,
            "threshold": self.verdict.threshold,
            "evidence": self.verdict.evidence,
            "remedy": self.verdict.remedy or None,
            "pane": self.pane,
            "snoozed": snooze,
        }
