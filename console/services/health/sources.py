"""What the checks ask: one statement for each theme, so that many checks cost few statements."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from console.config.health import Health
from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.db.server import Flavour
from console.services.capabilities import CATALOGUE, Capabilities
from console.services.health.models import Tier
from console.services.health.record_models import Records
from console.services.health.records import read_records
from console.services.health.schema_models import Audit, Relations
from console.services.health.sealing import Sealing, read_sealing
from console.services.health.server_models import Activity, Checkpoints, Statistics
from console.services.health.storage import PartlyCompressed, Stored, read_partial, read_storage
from console.services.health.storage_models import Extension
from console.services.jobs import service as jobs
from console.services.jobs import timescale
from console.services.jobs.models import Jobs
from console.services.storage.aggregates import Aggregates, read_aggregates
from console.services.storage.retention import Retention
from console.services.storage.retention_reading import read_retention

if TYPE_CHECKING:
    from console.migrate.reports import Status

F = TypeVar("F")
M = TypeVar("M", bound=BaseModel)

EVERYWHERE: frozenset[Flavour] = frozenset({"timescale", "apache", "plain"})
"""Every flavour."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the questions depend on."""

    db: Database
    """Whom they are for."""
    able: Capabilities
    """What its storage can do."""
    limits: Health
    """The thresholds, of which some are cheaper to apply in the server."""


class Question(Protocol[F]):
    """Requests that ride in a pipeline, and what is read from their answers."""

    @property
    def requests(self) -> tuple[Request[Any], ...]:
        """None where there is nothing to ask."""

    def read(self, answers: Answers, before: F | None = None) -> F:
        """The facts; `before` are those of the last time, where somebody looked then. Raises a ConsoleError."""


@dataclass(frozen=True, slots=True)
class OneRow(Generic[M]):
    """A statement that answers one row."""

    request: Request[M]
    """The statement."""

    @property
    def requests(self) -> tuple[Request[Any], ...]:
        """The one."""
        return (self.request,)

    def read(self, answers: Answers, before: M | None = None) -> M:
        """Its row."""
        (row,) = answers.rows(self.request)
        return row


@dataclass(frozen=True, slots=True)
class KnownJobs:
    """The jobs of one reading, and what the next one needs to confirm."""

    jobs: Jobs
    """All of them."""
    able: Capabilities
    """What can be asked, and called, here."""
    lost: timescale.Adrift = frozenset()
    """Those that were down as running without a process; stuck if the next reading finds them so."""


@dataclass(frozen=True, slots=True)
class OfJobs:
    """What the service of jobs asks."""

    able: Capabilities
    """What can be asked here."""

    @property
    def requests(self) -> tuple[Request[Any], ...]:
        """None where there are no jobs of any kind."""
        return tuple(jobs.requests(self.able))

    def read(self, answers: Answers, before: KnownJobs | None = None) -> KnownJobs:
        """All jobs."""
        found = jobs.assembled(self.able, answers, before.lost if before else frozenset())
        asked = jobs.JOBS in self.requests
        return KnownJobs(found, self.able, timescale.adrift(answers.rows(jobs.JOBS)) if asked else frozenset())


@dataclass(frozen=True, eq=False, kw_only=True)
class Source(Generic[F]):
    """Facts that several checks judge."""

    tier: Tier
    """What asking costs."""
    flavours: frozenset[Flavour] = EVERYWHERE
    """Where it can be asked."""
    grant: str = "GRANT pg_monitor TO {role};"
    """What lets a role ask that may not."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Riding(Source[F]):
    """What rides in one pipeline with others."""

    question: Callable[[Asking], Question[F]]
    """What is asked."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Apart(Source[F]):
    """What another service reads in its own way."""

    read: Callable[[Database], Awaitable[F]]
    """Asks; raises a ConsoleError."""


AnySource = Source[Any]
"""Whatever its facts are."""

SETTINGS = (
    "autovacuum", "fsync", "full_page_writes", "track_counts",
    "autovacuum_freeze_max_age", "autovacuum_multixact_freeze_max_age",
    "log_statement", "log_min_duration_statement", "pgaudit.log_parameter", "timescaledb.telemetry_level",
    "max_connections", "max_locks_per_transaction", "max_parallel_workers", "max_prepared_transactions",
    "max_worker_processes", "timescaledb.max_background_workers",
)  # fmt: skip
"""Settings that some check looks at."""


def _asked(
    query: Query, model: type[M], params: Callable[[Asking], Mapping[str, object]] = lambda _: {}
) -> Callable[[Asking], Question[M]]:
    return lambda asking: OneRow(Request(query, model, dict(params(asking))))


def _view(name: str) -> str:
    """The right to a view that everybody has unless somebody took it away."""
    return f"GRANT SELECT ON pg_catalog.{name} TO {{role}};"


async def _migrations(db: Database) -> "Status":
    """Where the migrations of this installation stand."""
    from console.migrate.status import status  # the first refresh need not wait for the engine to be read
    from console.services.installed import folder, role

    return await status(db, folder(), role=role(db.target.profile))


def _audit(asking: Asking) -> Question[Audit]:
    """Of compressed rows only TimescaleDB's catalogue tells where they lie."""
    query = _AUDIT_TIMESCALE if asking.able.readable(CATALOGUE) else _AUDIT
    return OneRow(Request(query, Audit))


_AUDIT, _AUDIT_TIMESCALE = Query(__package__, "audit"), Query(__package__, "audit_timescale")

ACTIVITY: Source[Activity] = Riding(
    tier=Tier.A,
    grant=_view("pg_stat_activity"),
    question=_asked(Query(__package__, "activity"), Activity, lambda asking: {"ours": sorted(asking.db.pids)}),
)
STATISTICS: Source[Statistics] = Riding(
    tier=Tier.A,
    grant=_view("pg_stat_database"),
    question=_asked(Query(__package__, "statistics"), Statistics, lambda _: {"settings": list(SETTINGS)}),
)
JOBS: Source[KnownJobs] = Riding(tier=Tier.A, question=lambda asking: OfJobs(asking.able))
CHECKPOINTS: Source[Checkpoints] = Riding(
    tier=Tier.B,
    grant=_view("pg_stat_bgwriter"),
    question=_asked(Query(__package__, "checkpoints"), Checkpoints),
)
RELATIONS: Source[Relations] = Riding(
    tier=Tier.B,
    grant=_view("pg_stat_user_tables"),
    question=_asked(
        Query(__package__, "relations"), Relations, lambda asking: {"unused": int(asking.limits.unused_index)}
    ),
)
EXTENSION: Source[Extension] = Riding(
    tier=Tier.B,
    flavours=frozenset({"timescale", "apache"}),
    grant=_view("pg_available_extensions"),
    question=_asked(Query(__package__, "extension"), Extension),
)
STORAGE: Source[Stored] = Apart(tier=Tier.B, read=read_storage)
PARTLY: Source[PartlyCompressed] = Apart(tier=Tier.C, flavours=frozenset({"timescale"}), read=read_partial)
AGGREGATES: Source[Aggregates] = Apart(tier=Tier.B, flavours=frozenset({"timescale"}), read=read_aggregates)
RETENTION: Source[Retention] = Apart(tier=Tier.B, read=read_retention)
MIGRATIONS: "Source[Status]" = Apart(tier=Tier.B, read=_migrations)
RECORDS: Source[Records] = Apart(tier=Tier.B, read=read_records)
AUDIT: Source[Audit] = Riding(tier=Tier.B, question=_audit)
SEALING: Source[Sealing] = Apart(tier=Tier.B, read=read_sealing)
