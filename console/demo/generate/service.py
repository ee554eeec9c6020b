"""Fills an empty, migrated database with a synthetic hospital."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.demo.generate import events, handovers, moments, people, volumes, work
from console.demo.generate.audit import Audit
from console.demo.generate.loading import Loader, Progress
from console.demo.generate.planted import Story
from console.demo.generate.world import World
from console.errors import Refused, UsageError
from console.row import Row

SCHEMA = Query(__package__, "schema")
FILLED = Query(__package__, "filled")
REPEATED = Query(__package__, "repeated")
PARTITIONS = Query(__package__, "partitions")
AGGREGATES = Query(__package__, "aggregates")

CLOCKED = ("patients", "tasks", "emr_verifications", "handovers")
"""Tables whose triggers would stamp rows of years ago with the present."""

AUDIT_PIECE = 20_000
"""About so many audit rows are committed together."""

SETTINGS = {"synchronous_commit": "off", "statement_timeout": "0"}
"""Of a session that generates: a crash may cost the last rows, and a big table takes its time."""

PARTITION_STEP = 26 * moments.WEEK


class Schema(Row):
    """What is there to be filled."""

    complete: bool
    """Whether the tables of migrations 001-005 are there."""
    partitioned: bool
    """Whether the audit tables need partitions made for them."""
    legacy: bool
    """Whether tasks carry the identifier in the EMR: migration 007 is not applied."""


class Filled(Row):
    """Whether somebody's rows are there."""

    filled: bool
    """In any of the main tables."""


class Repeated(Row):
    """Whether this seed was used here before."""

    repeated: bool
    """Its first department is there."""


class Aggregate(Row):
    """A view that holds results."""

    name: str
    """Its name."""
    continuous: bool
    """Whether TimescaleDB keeps it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to make."""

    scale: float = 1.0
    """1.0 is a hospital with 50,000 patients and 10 million audit rows."""
    seed: int = 1
    """The same seed, scale and end make the same rows."""
    until: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    """The moment that the data end at; times are counted back from it."""
    into_existing: bool = False
    """Whether rows that are there already may stay beside the new ones."""


@dataclass(slots=True)
class Report:
    """What was made."""

    options: Options
    """As asked for."""
    counts: dict[str, int] = field(default_factory=dict)
    """Rows written by table."""
    stories: list[Story] = field(default_factory=list)
    """What an auditor can find."""

    def as_json(self) -> dict[str, object]:
        """As scripts read it."""
        return {
            "scale": self.options.scale,
            "seed": self.options.seed,
            "until": self.options.until,
            "counts": self.counts,
            "planted": [story.as_json() for story in self.stories],
        }


async def check(session: Session, target: Target, options: Options) -> Schema:
    """Refuse production always, a database without the schema, and one that holds rows."""
    server = await session.server()
    if target.guarded(server.environment):
        raise _refused(f"{target.describe()} is production, or remote and not labelled as anything else.")
    schema = await session.fetch_one(SCHEMA, Schema)
    if not schema.complete:
        raise UsageError(
            f"{target.describe()} does not have the tables of migrations 001-005.",
            state="Nothing was written.",
            hint="Run `emr-console migrate up` there first.",
        )
    if not options.into_existing and await is_filled(session):
        raise _refused(f"{target.describe()} is not empty.", "Choose an empty database, or add --into-existing.")
    return schema


async def is_filled(session: Session) -> bool:
    """Whether rows are there, whoever wrote them."""
    return (await session.fetch_one(FILLED, Filled)).filled


def _refused(message: str, hint: str = "Choose a development or test database.") -> Refused:
    return Refused(message, state="Nothing was written.", hint=hint)


async def generate(session: Session, target: Target, options: Options, progress: Progress) -> Report:
    """Check the target, then write everything; audit rows are committed piece by piece, the rest in one transaction."""
    schema = await check(session, target, options)
    world = World(options.seed, moments.until(options.until), volumes.at(options.scale), schema.legacy)
    await _refuse_repetition(session, world)
    if schema.partitioned:
        progress("partitions", 0)
        await _make_partitions(session, world.period)
    report = Report(options)
    loader = Loader(session, progress)
    await _write_hospital(loader, world, report)
    await _write_audit(session, loader, world, report)
    await _finish(session, report, progress)
    return report


async def _refuse_repetition(session: Session, world: World) -> None:
    """The same seed makes the same keys; the server would say so after minutes, and in its own words."""
    first = people.department_code(world, 0)
    if (await session.fetch_one(REPEATED, Repeated, code=first)).repeated:
        raise _refused(
            f"Seed {world.seed} was generated here before; its rows are there already.", "Choose another --seed."
        )


async def _make_partitions(session: Session, period: moments.Period) -> None:
    for first in range(period.start, period.end, PARTITION_STEP):
        last = min(first + PARTITION_STEP, period.end)
        await session.run(PARTITIONS, first=moments.text(first), last=moments.text(last))


async def _write_hospital(loader: Loader, world: World, report: Report) -> None:
    """Everything but the audit tables; each step knows what the ones before it made."""
    shift_changes = handovers.Handovers(world)
    async with loader.untriggered(*CLOCKED):
        for table, columns, lines in (
            ("departments", people.DEPARTMENT_COLUMNS, people.departments(world)),
            ("users", people.USER_COLUMNS, people.users(world)),
            ("shifts", work.SHIFT_COLUMNS, work.shifts(world)),
            ("patients", people.PATIENT_COLUMNS, people.patients(world)),
            ("tasks", work.task_columns(world), work.tasks(world)),
            ("emr_verifications", work.VERIFICATION_COLUMNS, work.verifications(world)),
            ("handovers", handovers.HANDOVER_COLUMNS, shift_changes.handovers()),
            ("handover_items", handovers.ITEM_COLUMNS, shift_changes.items()),
            ("handover_templates", handovers.TEMPLATE_COLUMNS, handovers.templates(world)),
        ):
            report.counts[table] = await loader.load(table, columns, lines)


async def _write_audit(session: Session, loader: Loader, world: World, report: Report) -> None:
    audit = Audit(world)
    report.stories = audit.stories
    report.counts |= {"audit_logs": 0, "audit_log_details": 0}
    for piece in audit.pieces(AUDIT_PIECE):
        async with session.transaction():
            logs = await loader.load("audit_logs", events.COLUMNS, piece.logs())
            details = await loader.load("audit_log_details", events.DETAIL_COLUMNS, piece.details)
        report.counts["audit_logs"] += logs
        report.counts["audit_log_details"] += details


async def _finish(session: Session, report: Report, progress: Progress) -> None:
    """Statistics for the planner, and the reports over the new rows."""
    progress("statistics", 0)
    await session.execute(f"analyze {', '.join(report.counts)}")
    for view in await session.fetch(AGGREGATES, Aggregate):
        progress(view.name, 0)
        if view.continuous:
            await session.execute(f"call refresh_continuous_aggregate('{view.name}', null, null)")
        else:
            await session.execute(f"refresh materialized view {view.name}")
