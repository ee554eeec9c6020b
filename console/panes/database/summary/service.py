"""Looks after one database as a whole: counters at each refresh, what takes a look at every table now and then."""

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.errors import ConsoleError
from console.panes.database.summary.models import Counted, Size, Survey
from console.panes.database.summary.summary import Sample, Summary, lately
from console.services.capabilities import capabilities
from console.services.health.service import MEMORY, Facts, judge
from console.services.health.sources import CHECKPOINTS, RELATIONS, STATISTICS, AnySource, Asking, Question, Riding
from console.services.health.thresholds import thresholds

COUNTED = Query(__package__, "counted")
SURVEY = Query(__package__, "survey")
SIZE = Query(__package__, "size")

LASTS = 30.0
"""Seconds after which every table is looked at again while somebody looks."""

SETTINGS = (
    "shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem", "max_connections", "max_wal_size",
    "checkpoint_timeout", "wal_level", "synchronous_commit", "fsync", "full_page_writes", "data_checksums",
    "autovacuum", "autovacuum_vacuum_scale_factor", "random_page_cost", "track_io_timing", "track_activity_query_size",
    "ssl", "default_toast_compression", "jit",
)  # fmt: skip
"""Settings that are shown; everybody may read these."""


class Watch:
    """What is known of one database from one refresh to the next."""

    def __init__(self, db: Database) -> None:
        self.exact: int | None = None
        """Bytes that were measured on request; None where they were not."""
        self._db = db
        self._facts = Facts()
        self._samples: list[Sample] = []
        self._survey: Survey | None = None
        self._surveyed: float | None = None

    def forget(self) -> None:
        """Look at every table again at the next refresh."""
        self._surveyed = None

    async def refresh(self) -> Summary:
        """Ask in one round trip what is at hand, and what takes a look at every table if it is time."""
        due = self._surveyed is None or monotonic() - self._surveyed >= LASTS
        asking = Asking(self._db, await capabilities(self._db), thresholds(self._db.target.profile))
        sources: tuple[AnySource, ...] = (STATISTICS, CHECKPOINTS, RELATIONS) if due else (STATISTICS, CHECKPOINTS)
        questions = [(source, source.question(asking)) for source in sources if isinstance(source, Riding)]
        counted, survey = Request(COUNTED, Counted), Request(SURVEY, Survey, {"settings": list(SETTINGS)})
        own: list[Request[Any]] = [counted, survey] if due else [counted]
        answers = await self._db.pipeline(*(r for _, question in questions for r in question.requests), *own)
        for source, question in questions:
            self._facts.put(source, _read(question, answers))
        if due:
            self._survey, self._surveyed = answers.optional(survey), monotonic()
        return await self._summary(answers, answers.optional(counted), asking)

    async def _summary(self, answers: Answers, counted: Counted | None, asking: Asking) -> Summary:
        server, pulse = await self._db.server(), answers.optional(PULSE)
        statistics = self._facts.of(STATISTICS)
        if statistics is not None and counted is not None:
            self._remember(Sample(statistics, counted))
        found = judge(self._facts, server, asking.limits)
        return Summary(
            as_of=statistics.as_of if statistics else pulse.as_of if pulse else datetime.now(UTC),
            server=server,
            findings={finding.id: finding for finding in found if finding.pane == "database" or finding.id in ALSO},
            statistics=statistics,
            checkpoints=self._facts.of(CHECKPOINTS),
            counted=counted,
            survey=self._survey,
            pulse=pulse,
            lately=lately(self._samples),
            exact=self.exact,
        )

    def _remember(self, sample: Sample) -> None:
        self._samples = [each for each in self._samples if _age(each, sample) <= MEMORY] + [sample]
        if lately(self._samples) is None:  # a counter began anew
            self._samples = [sample]


ALSO = ("D07",)
"""Deadlocks: another pane tells more of them, and this one counts them."""


async def read_summary(db: Database) -> Summary:
    """The database as a whole, once."""
    return await Watch(db).refresh()


async def measure(db: Database) -> int:
    """Bytes on disk; looks at every file, so only where a person waits for it."""
    (row,) = await db.fetch(SIZE, Size)
    return row.bytes


def _read(question: Question[Any], answers: Answers) -> Any:
    try:
        return question.read(answers)
    except ConsoleError as error:
        return error


def _age(earlier: Sample, later: Sample) -> timedelta:
    return later.statistics.as_of - earlier.statistics.as_of
