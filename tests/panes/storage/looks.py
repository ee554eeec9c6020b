"""Storage in a night at a made-up hospital: the rows of the storage pane's pictures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NoReturn

from console.errors import NoPrivilege, Unsupported
from console.panes.storage.aggregates import AggregatesPane
from console.panes.storage.chunks import ChunksPane
from console.panes.storage.hypertables import HypertablesPane
from console.panes.storage.retention import RetentionPane
from console.panes.storage.tables import HypertableListPane
from console.panes.storage.view import StoragePane
from console.services.retention.models import Hold
from console.services.storage.aggregate_models import Continuous, Materialized
from console.services.storage.aggregates import Aggregates, continued, viewed
from console.services.storage.chunks import Chunks, Looked, arranged, falling_due
from console.services.storage.models import Beside, Divided, Part, Policy, Sums
from console.services.storage.retention import Found, Retention, retained
from console.services.storage.retention_models import AuditTable, CronDrop
from console.services.storage.tables import Measure, Measures, Tables, assembled
from console.ui.pane import Pane
from console.ui.tabs import InnerPanes
from tests.panes.looks import NIGHT, fed

KB, MB, GB = 2**10, 2**20, 2**30
DAY = 86_400.0
WEEK = timedelta(days=7)
APACHE = (
    'Continuous aggregates need TimescaleDB under its own licence; here timescaledb.license is "apache", which the '
    "server's configuration decides when it starts."
)


def divided(oid: int, name: str, **known: object) -> Divided:
    """A hypertable by week; what is not said is as usual."""
    usual = {"schema_name": "public", "kind": "hypertable", "column": "created_at", "type": "timestamptz",
             "interval": 7 * DAY, "interval_number": None, "spaces": 0, "compression": True}  # fmt: skip
    return Divided.model_validate(usual | {"oid": oid, "table_name": name} | known)


def sums(parent: int, chunks: int, compressed: int = 0, **known: object) -> Sums:
    """What its chunks come to."""
    usual = {"unmeasured": 0, "heap_bytes": chunks * 5 * MB, "rows": chunks * 27_300, "bytes_after": None,
             "bytes_before": None, "batched_rows": None, "batches": None, "default_rows": None}  # fmt: skip
    return Sums.model_validate(usual | {"parent": parent, "chunks": chunks, "compressed": compressed} | known)


def policy(parent: int, job: int, after: float, written: str, **known: object) -> Policy:
    """What compresses or drops its chunks."""
    usual = {"drops": True, "after_number": None, "before": NIGHT - timedelta(seconds=after), "asked": NIGHT,
             "by_birth": False, "scheduled": True, "every": DAY, "next_start": NIGHT + timedelta(hours=9),
             "last_success": NIGHT - timedelta(hours=15)}  # fmt: skip
    return Policy.model_validate(usual | {"parent": parent, "job_id": job, "after": after, "written": written} | known)


TABLES = [
    divided(1, "audit_logs"),
    divided(2, "audit_log_details"),
    divided(3, "vital signs", schema_name="bedside", interval=DAY, column="at", spaces=1),
    divided(4, "device_events", column="id", type="int8", interval=None, interval_number=1_000_000),
    divided(5, "handover_archive", kind="partitioned", interval=None, compression=False),
]
POLICIES = [
    policy(1, 1000, 90 * DAY, "90 days", drops=False),
    policy(1, 1001, 7 * 365.25 * DAY, "7 years"),
    policy(2, 1002, 90 * DAY, "90 days", drops=False),
    policy(2, 1003, 7 * 365.25 * DAY, "7 years", scheduled=False),
    policy(3, 1004, 14 * DAY, "14 days", drops=False),
    policy(3, 1005, 400 * DAY, "400 days"),
]


def busy() -> Tables:
    """Five tables, of which one has strays and one a chunk that is too large for the cache."""
    found = [
        sums(1, 366, 353, bytes_after=870 * MB, bytes_before=5_650 * MB, batched_rows=9_640_000, batches=9_857),
        sums(2, 366, 353, heap_bytes=320 * MB, bytes_after=140 * MB, bytes_before=700 * MB, batched_rows=990_000,
             batches=1_400),
        sums(3, 1_604, 1_544, heap_bytes=61 * GB, rows=2_100_000_000, bytes_after=9 * GB, bytes_before=88 * GB,
             batched_rows=2_050_000_000, batches=2_190_000),
        sums(4, 12, unmeasured=1),
        sums(5, 48, default_rows=1_204, heap_bytes=912 * MB),
    ]  # fmt: skip
    later = NIGHT - timedelta(hours=2)
    measures = Measures(NIGHT - timedelta(minutes=4), 8 * GB, {
        1: Measure(300 * MB, 38 * MB, 7 * DAY, None, later),
        3: Measure(22 * GB, 3_100 * MB, DAY, None, later),
        5: Measure(90 * MB, 2 * MB, 30 * DAY, None, later),
    })  # fmt: skip
    return Tables(NIGHT, assembled(TABLES, found, POLICIES, measures), measures)


def apache() -> Tables:
    """Hypertables without what the licence adds."""
    return Tables(
        NIGHT,
        assembled(TABLES[:1], [sums(1, 366)], [], None),
        None,
        [APACHE.replace("Continuous aggregates", "Policies")],
    )


def idle() -> Tables:
    """No table is divided."""
    return Tables(NIGHT, [], None)


def part(number: int, start: datetime, *, compressed: bool, parent: int = 1) -> Part:
    """One week of the audit log."""
    return Part(
        parent=parent, oid=number, schema_name="_timescaledb_internal", chunk_name=f"_hyper_1_{number}_chunk",
        range_start=start, range_end=start + WEEK, start_number=None, end_number=None, is_default=False,
        compressed=compressed, created=start + timedelta(minutes=number % 50), rows=27_300 - number * 7 % 900,
        heap_bytes=(2 * MB + number % 90 * KB) if compressed else (9 * MB + number % 90 * KB),
        bytes_before=17 * MB if compressed else None, batches=28 if compressed else None,
    )  # fmt: skip


def weeks(many: int, gap: range = range(0)) -> list[Part]:
    """So many weeks up to now; the last thirteen are not compressed yet."""
    last = datetime(2026, 3, 12, tzinfo=UTC)
    return [part(n, last - (many - n - 1) * WEEK, compressed=n < many - 13) for n in range(many) if n not in gap]


def chunks(many: int = 366, gap: range = range(200, 203)) -> Chunks:
    """Seven years of audit rows: two weeks are due to be dropped, one is partly compressed, three are missing."""
    parts = weeks(many, gap)
    beside = {
        each.oid: Beside(parent=1, oid=each.oid, bytes=8 * MB, index_bytes=8 * MB, measured=NIGHT) for each in parts
    }
    looked = Looked(NIGHT - timedelta(minutes=2), beside, {many - 20: 9})
    drop = policy(1, 1001, 7 * 365.25 * DAY, "7 years", before=parts[1].range_end)
    return Chunks(NIGHT, TABLES[0], arranged(parts, looked, falling_due(drop, NIGHT)), looked)


def many_chunks() -> Chunks:
    """A hundred years of weeks."""
    return chunks(5_000, range(0))


def continuous(name: str, **known: object) -> Continuous:
    """An hourly aggregate that is in time."""
    usual = {"schema_name": "public", "realtime": True, "raw_schema": "public", "raw_name": "audit_logs", "parent": 11,
             "raw_parent": 1, "watermark": NIGHT - timedelta(minutes=67), "watermark_number": None, "bucket": 3_600.0,
             "policies": 1, "unbounded": False, "start_offset": 3 * DAY, "start_number": None, "end_offset": 3_600.0,
             "every": 3_600.0, "scheduled": True, "next_start": NIGHT + timedelta(minutes=24),
             "last_success": NIGHT - timedelta(minutes=36), "pending": 0, "orphans": 0, "beside": 0}  # fmt: skip
    return Continuous.model_validate(usual | {"view_name": name} | known)


def aggregates() -> Aggregates:
    """One in time, one late with orphans, one that loses its history, one made by hand."""
    views = [
        continuous("audit_logs_hourly"),
        continuous("audit_logs_daily", realtime=False, watermark=NIGHT - timedelta(days=9), bucket=DAY, every=DAY,
                   end_offset=DAY, start_offset=30 * DAY, pending=14, orphans=3,
                   last_success=NIGHT - timedelta(days=8)),
        continuous("vitals by ward", schema_name="bedside", raw_name="vital signs", raw_parent=3, unbounded=True,
                   start_offset=None, pending=2),
    ]  # fmt: skip
    drops = [each for each in POLICIES if each.drops]
    report = Materialized(oid=9, schema_name="public", view_name="compliance_audit_summary", populated=True,
                          concurrently=True, bytes=3 * MB)  # fmt: skip
    found = [*(continued(view, [], drops, NIGHT) for view in views), viewed(report, {}, NIGHT)]
    return Aggregates(NIGHT, found)


def retention() -> Retention:
    """Seven years with a hold, a paused policy, two mechanisms at once, a policy below the floor, a backup."""
    tables = [*TABLES[:2], divided(6, "audit_logs", schema_name="clinic b"), *TABLES[2:]]
    parts = [*weeks(366)[:3], *(part(400 + n, NIGHT - n * WEEK, compressed=False, parent=3) for n in range(60))]
    held = Hold(id=1, table_schema="public", table_name="audit_logs", name="case 4711", reason="a court asked for them",
                placed_at=NIGHT - timedelta(days=12), placed_by="ana@ops1", paused_jobs=[1001])  # fmt: skip
    found = Found(
        tables,
        parts,
        [*POLICIES, policy(6, 1009, 365 * DAY, "1 year")],
        [AuditTable(oid=7, schema_name="public", table_name="audit_logs_backup_20260101031500", rows=48_211)],
        [CronDrop(id=3, tables=["vital signs"], schedule="0 3 * * *", active=True)],
        [held],
    )
    return Retention(NIGHT, retained(found, NIGHT))


def denied() -> NoReturn:
    """What a role without rights on TimescaleDB's views is told."""
    raise NoPrivilege(
        "Hypertables stand in timescaledb_information.hypertables, which ana may not read.",
        hint='A superuser can give the right: GRANT USAGE ON SCHEMA timescaledb_information TO "ana"; '
        'GRANT SELECT ON timescaledb_information.hypertables TO "ana";',
    )


def unlicensed() -> NoReturn:
    """What the apache licence leaves of the aggregates."""
    raise Unsupported(APACHE)


Answer = Callable[[], Any]


def storage(
    tables: Answer = busy,
    parts: Answer = chunks,
    views: Answer = aggregates,
    rows: Answer = retention,
) -> type[Pane[Any, Any]]:
    """The storage pane, all of its lists fed by hand."""

    class Hypertables(HypertablesPane):
        TABS: ClassVar[InnerPanes] = (fed(HypertableListPane, tables), fed(ChunksPane, parts))

    class Storage(StoragePane):
        TABS: ClassVar[InnerPanes] = (Hypertables, fed(AggregatesPane, views), fed(RetentionPane, rows))

    return Storage
