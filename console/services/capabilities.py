"""What the storage of this database can do, asked once a connection; what it cannot do is a sentence.

Panes grey what is missing and say why; actions ask before they are offered. Never by version: a view is there or it is
not, a function takes an argument or it does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.query import Query
from console.db.server import Flavour, Server
from console.db.session import Session
from console.errors import NoPrivilege, Unsupported
from console.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What something takes to work."""

    what: str
    """What would not work without it, as the beginning of a sentence; in the plural."""
    since: str = ""
    """The TimescaleDB that has it first, to be told; empty where every one that we know has it."""
    licensed: bool = False
    """Whether TimescaleDB's own licence is needed, which apache builds have not got."""
    relation: str = ""
    """A view or table that must be there."""
    also: tuple[str, ...] = ()
    """Other views and tables that are read for it, there in every version."""
    function: str = ""
    """A function that must be there."""
    argument: str = ""
    """An argument that the function must take."""
    instead: str = ""
    """The whole sentence for where it is missing, where its cause is not the version of TimescaleDB."""
    help: str = ""
    """What helps then."""


def _view(name: str) -> str:
    return f"timescaledb_information.{name}"


CATALOGUE = "_timescaledb_catalog.hypertable"
"""Which table of TimescaleDB's own belongs to which of a person's."""

_SIZES = "_timescaledb_catalog.compression_chunk_size"
_RUNS = "_timescaledb_internal.bgw_job_stat"
_LOGS = (
    "_timescaledb_catalog.continuous_aggs_watermark",
    "_timescaledb_catalog.continuous_aggs_invalidation_threshold",
    "_timescaledb_catalog.continuous_aggs_hypertable_invalidation_log",
    "_timescaledb_catalog.continuous_aggs_materialization_invalidation_log",
)


class Ability(Enum):
    """What panes and actions ask for."""

    HYPERTABLES = Need(
        what="Hypertables", relation=_view("hypertables"), also=(_view("chunks"), _view("dimensions"), _SIZES)
    )
    CHUNK_STATUS = Need(what="Partly compressed chunks", since="2.12", function="chunk_status")
    COMPRESSION = Need(what="Compressed chunks", licensed=True, function="compress_chunk")
    RECOMPRESSION = Need(
        what="New compressions in one step",
        since="2.14",
        licensed=True,
        function="compress_chunk",
        argument="recompress",
    )
    DROP_CHUNKS = Need(what="Drops of chunks", function="drop_chunks")
    POLICIES = Need(
        what="Policies", licensed=True, relation=_view("jobs"), also=(_view("continuous_aggregates"), _RUNS),
        function="add_retention_policy",
    )  # fmt: skip
    AGGREGATES = Need(
        what="Continuous aggregates", licensed=True, relation=_view("continuous_aggregates"),
        also=(_view("jobs"), _view("dimensions"), _RUNS, CATALOGUE, _SIZES, *_LOGS),
    )  # fmt: skip
    JOBS = Need(what="Jobs", licensed=True, relation=_view("jobs"))
    JOB_HISTORY = Need(what="Histories of jobs", since="2.15", licensed=True, relation=_view("job_history"))
    START_WORKERS = Need(
        what="Restarts of the job scheduler", since="2.12", licensed=True, function="start_background_workers"
    )
    PG_CRON = Need(
        what="Jobs of pg_cron", relation="cron.job",
        instead="pg_cron is not installed in this database, only perhaps beside it.",
        help="A superuser makes it in the database that cron.database_name names: CREATE EXTENSION pg_cron; "
        "else a timer of the system runs emr-console maintain.",
    )  # fmt: skip
    AUDIT_PARTITIONS = Need(
        what="Partitions ahead", function="audit_ensure_partitions",
        instead="The function audit_ensure_partitions is not here; migration 005 makes it in its plain flavour.",
        help="emr-console migrate status tells which migrations are in place.",
    )  # fmt: skip


RELATIONS = (CATALOGUE, _SIZES, *_LOGS, _RUNS, "cron.job", "cron.job_run_details", "emr_console.event")
"""What is read besides the information views; TimescaleDB's are the same in every version from 2.11 on."""

FUNCTIONS = sorted({ability.value.function for ability in Ability if ability.value.function})
"""What is called only where it is there."""


class Probe(Row):
    """What the catalogue told."""

    schema_: str | None
    """Where TimescaleDB's functions live; None without it."""
    restoring: bool
    """Whether a restore has stopped all jobs, and was never ended."""
    relations: list[str]
    """Views and tables that are there."""
    functions: dict[str, list[str]]
    """Arguments by function."""
    unreadable: list[str]
    """Views and tables that our role may not read."""


PROBE: Request[Probe] = Request(
    Query(__package__, "capabilities"), Probe, {"relations": list(RELATIONS), "functions": FUNCTIONS}
)
"""The question."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this server's storage can do for our role."""

    server: Server
    """The server as it was when it was asked."""
    probe: Probe
    """What its catalogue told."""

    @property
    def flavour(self) -> Flavour:
        """TimescaleDB with its full licence, without it, or none."""
        return self.server.flavour

    @property
    def restoring(self) -> bool:
        """Whether `timescaledb.restoring` was left on, so that no job runs."""
        return self.probe.restoring

    def has(self, ability: Ability) -> bool:
        """Whether it can."""
        return not self.missing(ability)

    def missing(self, ability: Ability) -> str:
        """Why it cannot, with what to do, as sentences; empty if it can."""
        if said := self._absent(ability.value):
            return said
        hidden = self._hidden(ability.value)
        return f"{self._unseen(ability.value, hidden)} {self.grant(hidden)}" if hidden else ""

    def require(self, ability: Ability) -> None:
        """Raise the sentence where it cannot."""
        if said := self._absent(ability.value):
            raise Unsupported(said, hint=self._help(ability.value))
        if hidden := self._hidden(ability.value):
            raise NoPrivilege(self._unseen(ability.value, hidden), hint=self.grant(hidden))

    def readable(self, relation: str) -> bool:
        """Whether a relation of RELATIONS, or an information view, is there and our role may read it."""
        return relation in self.probe.relations and relation not in self.probe.unreadable

    def grant(self, relations: Sequence[str]) -> str:
        """What a superuser would do so that our role may read them."""
        schemas = ", ".join(sorted({relation.partition(".")[0] for relation in relations}))
        user = quote(self.server.user)
        return (
            f"A superuser can give the right: GRANT USAGE ON SCHEMA {schemas} TO {user}; "
            f"GRANT SELECT ON {', '.join(relations)} TO {user};"
        )

    def named(self, function: str) -> str:
        """A function of TimescaleDB with its schema, as it stands in a statement."""
        return f"{quote(self.probe.schema_ or 'public')}.{function}"

    def _absent(self, need: Need) -> str:
        if need.instead:
            return "" if self._there(need) else need.instead
        if self.flavour == "plain":
            return f"{need.what} need TimescaleDB, which is not created in this database."
        if need.licensed and self.flavour == "apache":
            return (
                f'{need.what} need TimescaleDB under its own licence; here timescaledb.license is "apache", '
                "which the server's configuration decides when it starts."
            )
        if not self._there(need):
            needed = f"TimescaleDB {need.since} or newer" if need.since else "another TimescaleDB"
            return f"{need.what} need {needed}; here it is {self.server.timescaledb}."
        return ""

    def _help(self, need: Need) -> str:
        """What would bring what is absent, as far as a statement or a setting can."""
        if need.instead:
            return need.help
        if self.flavour == "plain":
            return (
                "Where its files are, a superuser makes it with: CREATE EXTENSION timescaledb; "
                "without it partitions and emr-console maintain do the same."
            )
        if need.licensed and self.flavour == "apache":
            return "A superuser can change it: ALTER SYSTEM SET timescaledb.license = 'timescale'; then restart it."
        return "With newer files on the server, as the first command of a session: ALTER EXTENSION timescaledb UPDATE;"

    def _there(self, need: Need) -> bool:
        relations, arguments = self.probe.relations, self.probe.functions.get(need.function)
        return (not need.relation or need.relation in relations) and (
            not need.function or (arguments is not None and (not need.argument or need.argument in arguments))
        )

    def _hidden(self, need: Need) -> list[str]:
        return [relation for relation in (need.relation, *need.also) if relation in self.probe.unreadable]

    def _unseen(self, need: Need, hidden: Sequence[str]) -> str:
        return f"{need.what} stand in {', '.join(hidden)}, which {self.server.user} may not read."


_KNOWN: "WeakKeyDictionary[Database, Capabilities]" = WeakKeyDictionary()


async def capabilities(db: Database) -> Capabilities:
    """What the storage of a database can do; asked again after each new connection, and when the server has changed."""
    server = await db.server()
    known = _KNOWN.get(db)
    if known is None or known.server is not server:
        (probe,) = (await db.pipeline(PROBE)).rows(PROBE)
        known = _KNOWN[db] = Capabilities(server, probe)
    return known


async def probed(session: Session) -> Capabilities:
    """The same, asked on one session, for an action and for commands without panes."""
    return Capabilities(await session.server(), await session.fetch_one(PROBE.query, Probe, **PROBE.params))
