"""One job as it stands now, for a change of it."""

from dataclasses import dataclass

from console.db.inline import inlined
from console.db.query import Query
from console.db.session import Session
from console.errors import Unsupported, UsageError
from console.iso import to_minute
from console.services.capabilities import Ability, Capabilities, probed
from console.services.jobs import service
from console.services.jobs.server_models import Clock, JobRow
from console.services.jobs.state import in_a_row
from console.services.jobs.timescale import table_of
from console.services.retention.holds import UNCHANGED
from console.services.storage_actions.plan import Fact

INSTEAD = "Here emr-console maintain does what jobs do elsewhere: run it now, and every day from cron or a timer."
"""The next step of who wants to change a job on plain PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A job, and what must be known to change it."""

    row: JobRow
    """The job."""
    clock: Clock
    """Its scheduler."""
    able: Capabilities
    """What can be called here."""

    @property
    def told(self) -> str:
        """The job for people."""
        table = table_of(self.row)
        return f"job {self.row.id} ({self.row.name}{f', {table}' if table else ''})"

    @property
    def startable(self) -> bool:
        """Whether the scheduler starts it when it is due."""
        return self.clock.scheduler and not self.clock.restoring and self.row.scheduled

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What a person should know of it before he changes it."""
        row = self.row
        known = {
            "calls": f"{row.proc_schema}.{row.proc_name}",
            "runs as": row.owner,
            "last run": f"{to_minute(row.last_start)} UTC" if row.last_start else "never",
            "failed": f"{in_a_row(row)} times in a row" if in_a_row(row) else None,
        }
        return tuple((label, value) for label, value in known.items() if value)

    def statement(self, query: Query, **values: object) -> str:
        """A query of ours, word for word as it is sent."""
        return inlined(query.in_schema(self.able.probe.schema_ or "public"), id=self.row.id, **values).strip()


async def find(session: Session, number: int) -> Subject:
    """The job of that number; UsageError where there is none."""
    able = await probed(session)
    if able.flavour == "plain":
        raise Unsupported(able.missing(Ability.JOBS), state=UNCHANGED, hint=INSTEAD)
    able.require(Ability.JOBS)
    return Subject(await read(session, number), await session.fetch_one(service.CLOCK.query, Clock), able)


async def read(session: Session, number: int) -> JobRow:
    """The record of one job."""
    rows = await session.fetch(service.JOBS.query, JobRow)
    for row in rows:
        if row.id == number:
            return row
    raise UsageError(
        f"There is no job {number} here; it may have been deleted meanwhile.",
        state=UNCHANGED,
        hint="emr-console jobs lists those that are there.",
    )
