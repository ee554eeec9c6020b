"""The database as a whole at one moment, and what happened in the last minutes; pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.db.identifiers import quote
from console.db.pulse import Pulse
from console.db.server import Server
from console.panes.database.summary.models import Counted, Survey
from console.services.health.models import Finding, Level
from console.services.health.server_models import Checkpoints, Statistics


@dataclass(frozen=True, slots=True)
class Sample:
    """Counters of one moment."""

    statistics: Statistics
    """Those of the health checks."""
    counted: Counted
    """The others."""


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened between two samples."""

    seconds: float
    """How long that was."""
    transactions: float
    """A second."""
    rollbacks: int
    """In all."""
    hit_ratio: float | None
    """Of the blocks that were wanted, those that were in memory, 0 to 1; None where none were."""
    deadlocks: int
    """In all."""
    temp_bytes: int
    """In all."""
    wal_rate: float
    """Bytes a second."""
    client_bytes: int
    """In all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The database as a whole."""

    as_of: datetime
    """When it was, by the server's clock."""
    server: Server
    """Which server and database."""
    findings: Mapping[str, Finding]
    """What the health checks say, by the id of each; those that could not be asked say why."""
    statistics: Statistics | None
    """What the checks count; None where that was refused."""
    checkpoints: Checkpoints | None
    """Why checkpoints were made; likewise."""
    counted: Counted | None
    """What else is counted; likewise."""
    survey: Survey | None
    """What takes a look at every table; likewise, and before it was first asked."""
    pulse: Pulse | None
    """How the server feels."""
    lately: Lately | None
    """What happened in the last minutes; None before there are two samples."""
    exact: int | None = None
    """Bytes that were measured on request; None where they were not."""

    @property
    def level(self) -> Level:
        """That of the worst finding."""
        levels = (finding.level for finding in self.findings.values())
        return max(levels, key=lambda level: level.severity, default=Level.UNKNOWN)

    @property
    def grant(self) -> str:
        """What would show our role what is hidden from it."""
        return f"GRANT pg_monitor TO {quote(self.server.user)};"

    @property
    def size(self) -> int | None:
        """Its bytes, as well as they are known."""
        return self.exact if self.exact is not None else self.survey.bytes if self.survey else None

    def as_json(self) -> dict[str, object]:
        """The row as `emr-console database --json` spells it."""
        from console.panes.database.summary.spelling import spelled

        return spelled(self)


def ratio(part: int | None, whole: int | None) -> float | None:
    """A share, 0 to 1; None of nothing.

    >>> ratio(99, 100), ratio(0, 0), ratio(None, None)
    (0.99, None, None)
    """
    return part / whole if whole and part is not None else None


def lately(samples: Sequence[Sample]) -> Lately | None:
    """What happened between the first and the last; None where a counter began anew, or there are not two."""
    if len(samples) < 2:
        return None
    first, last = samples[0], samples[-1]
    seconds = (last.statistics.as_of - first.statistics.as_of).total_seconds()
    hit = last.statistics.blks_hit - first.statistics.blks_hit
    read = last.statistics.blks_read - first.statistics.blks_read
    ended = _ended(last.counted) - _ended(first.counted)
    wal = last.counted.wal_bytes - first.counted.wal_bytes
    if seconds <= 0 or min(hit, read, ended, wal) < 0:
        return None
    return Lately(
        seconds,
        ended / seconds,
        last.counted.rollbacks - first.counted.rollbacks,
        ratio(hit, hit + read),
        last.statistics.deadlocks - first.statistics.deadlocks,
        last.counted.temp_bytes - first.counted.temp_bytes,
        wal / seconds,
        last.counted.client_bytes - first.counted.client_bytes,
    )


def _ended(counted: Counted) -> int:
    return counted.commits + counted.rollbacks
