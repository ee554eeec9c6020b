"""A database in a night at a made-up hospital: the rows of the pictures of the database pane."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, NoReturn

from console.config.health import Health
from console.db.pulse import Pulse
from console.db.server import Server
from console.errors import NoPrivilege
from console.panes.database.indexes.comparing import beside_each_other
from console.panes.database.indexes.models import Catalogued, Indexes
from console.panes.database.progress.models import Progress, Running, Underway
from console.panes.database.replication.judging import of_receiver, of_slot, of_standby
from console.panes.database.replication.models import Receiver, Replication, Slot, Standby
from console.panes.database.summary.models import Counted, Survey
from console.panes.database.summary.summary import Lately, Summary
from console.panes.database.tables.models import Relation, Table, Tables
from console.panes.database.view import DatabasePane
from console.services.health.models import Finding, Level, Tier, Verdict
from console.services.health.server_models import Checkpoints, Statistics
from console.ui.pane import Pane
from console.ui.tabs import InnerPanes
from tests.panes.looks import NIGHT, fed

KB, MB, GB = 2**10, 2**20, 2**30
SINCE = NIGHT - timedelta(days=3, hours=5)
SERVER = Server.model_construct(database="emr", user="ana", in_recovery=False)


def finding(number: str, title: str, level: Level, evidence: str, threshold: float | None = None) -> Finding:
    """What a health check says."""
    return Finding(number, title, "database", Tier.A, Verdict(level, evidence, None, threshold, "vacuum (analyze);"))


FINDINGS = [
    finding("D06", "Cache hits", Level.WARN, "cache hit 97.8 % (target > 99 %) since 2026-03-10 22:07", 99),
    finding("D07", "Deadlocks", Level.OK, "deadlocks 0 in the last 4 m"),
    finding("D08", "Checkpoints", Level.OK, "3 % of 940 checkpoints were asked for"),
    finding("D09", "WAL archive", Level.OK, "WAL archived at 2026-03-14 03:06"),
    finding("D10", "Checksums", Level.OK, "no wrong checksum"),
    finding("D11", "Settings that lose data", Level.OK, "fsync, full_page_writes, autovacuum and track_counts are on"),
    finding("D14", "Dead rows", Level.WARN, "public.tasks: 21 % dead rows (91,204), last vacuumed 2026-03-13 19:02"),
    finding("D15", "Unused indexes", Level.OK, "2 unused indexes take 512 MB; largest: idx_tasks_vector_clock"),
    finding("D16", "Sequences", Level.OK, "sequences: 12 % used at most"),
    finding("H18", "Invalid indexes", Level.CRIT, "invalid index public.idx_tasks_due"),
    finding("H23", "Freeze age", Level.OK, "oldest row not frozen: 88 M transactions, in emr"),
    finding("H26", "Settings that let data out", Level.OK, "no setting writes statements with their values to a log"),
]
STATISTICS = Statistics.model_construct(
    as_of=NIGHT, blks_hit=978_000_000, blks_read=22_000_000, deadlocks=3, counted_since=SINCE, frozen_age=88_000_000,
    multixact_age=1_200_000,
)  # fmt: skip
COUNTED = Counted(
    commits=311_204_000, rollbacks=1_204_000, temp_files=412, temp_bytes=9 * GB, autovacuum_workers=2,
    autovacuum_limit=3, freeze_limit=200_000_000, multixact_limit=400_000_000, wal_bytes=812 * GB, wal_since=SINCE,
    client_bytes=2 * GB, client_fsyncs=0, tls=True, tls_version="TLSv1.3", tls_cipher="TLS_AES_256_GCM_SHA384",
    local=False,
)  # fmt: skip
SURVEY = Survey(
    bytes=218 * GB, heap_hit=960, heap_wanted=1000, index_hit=997, index_wanted=1000, live_rows=48_211_000,
    dead_rows=911_000, analyzed_at=NIGHT - timedelta(minutes=4), tables=391,
    settings={"shared_buffers": "32GB", "work_mem": "16MB", "max_wal_size": "16GB", "fsync": "on"},
    pending=["max_connections"],
)  # fmt: skip
PULSE = Pulse.model_construct(as_of=NIGHT, connections=84, connection_limit=97)


def summary(**changed: Any) -> Summary:
    """Somebody should look at three things."""
    known: dict[str, Any] = {
        "as_of": NIGHT,
        "server": SERVER,
        "findings": {each.id: each for each in FINDINGS},
        "statistics": STATISTICS,
        "checkpoints": Checkpoints.model_construct(timed=912, requested=28),
        "counted": COUNTED,
        "survey": SURVEY,
        "pulse": PULSE,
        "lately": Lately(247.0, 1_204.0, 31, 0.9931, 0, 12 * MB, 3.1 * MB, 512 * KB),
    }
    return Summary(**known | changed)


def new_and_hidden() -> Summary:
    """A role without rights, at its first look at a database in which nothing has happened yet."""
    survey = SURVEY.model_copy(update=dict.fromkeys(("heap_hit", "heap_wanted", "index_hit", "index_wanted")))
    counted = COUNTED.model_copy(update={"autovacuum_workers": None, "tls": False, "local": True})
    well = {each.id: each for each in FINDINGS if each.level is Level.OK}
    return summary(findings=well, survey=survey, counted=counted, lately=None)


def beats() -> list[Pulse]:
    """Ten minutes, busier and busier."""
    return [
        Pulse.model_construct(
            as_of=NIGHT - timedelta(seconds=600 - 10 * n), started=SINCE, stats_reset=SINCE, connections=30 + n,
            blocked=max(0, n - 50) // 3, transactions=8_000 * n + 60 * n * n,
        )
        for n in range(60)
    ]  # fmt: skip


def relation(oid: int, name: str, **known: object) -> Relation:
    """One table; what is not said is as usual."""
    usual: dict[str, object] = {
        "schema_name": "public", "relkind": "r", "parts": 0, "bytes": 40 * MB, "index_bytes": 12 * MB, "unmeasured": 0,
        "rows": 48_211, "live_rows": 48_211, "dead_rows": 311, "overdue_share": None, "changed_rows": 40,
        "seq_scans": 12, "index_scans": 91_204, "vacuumed": NIGHT - timedelta(hours=9),
        "analyzed": NIGHT - timedelta(minutes=4), "vacuum_age": 32_400.0, "analyze_age": 240.0,
    }  # fmt: skip
    return Relation.model_validate({"oid": oid, "name": name, **usual, **known})


def tables() -> Tables:
    """A hypertable that is large, a table on which vacuum waits, one that nobody ever looked at."""
    never = dict.fromkeys(("vacuumed", "analyzed", "vacuum_age", "analyze_age"))
    found = [
        Table(relation(1, "audit_logs", parts=366, bytes=198 * GB, index_bytes=61 * GB, rows=412_900_114,
                       live_rows=412_900_114, dead_rows=0, seq_scans=4_102), "hypertable"),
        Table(relation(2, "audit_logs_hourly", parts=84, bytes=3 * GB, rows=9_120_400), "aggregate"),
        Table(relation(3, "tasks", bytes=912 * MB, index_bytes=420 * MB, rows=412_900, live_rows=343_096,
                       dead_rows=91_204, overdue_share=0.21, vacuum_age=28_900.0), "table", "warn"),
        Table(relation(4, "patients", rows=48_211), "table"),
        Table(relation(5, "handover_items", rows=200_014, bytes=61 * MB, index_scans=0, seq_scans=41), "table"),
        Table(relation(6, "imported", schema_name="staging", rows=1_200_000, bytes=8 * KB, unmeasured=1,
                       index_scans=None, **never), "table"),
    ]  # fmt: skip
    return Tables(NIGHT, found)


def catalogued(oid: int, table: str, name: str, *keys: str, **known: object) -> Catalogued:
    """One index; what is not said is as usual."""
    usual: dict[str, object] = {
        "schema_name": "public", "table_name": table, "quoted": f"public.{name}", "parts": 0, "rooted": False,
        "bytes": 12 * MB, "scans": 91_204, "broken": 0, "builder": None, "is_unique": False, "is_primary": False,
        "identifies": False, "constraint_name": None, "method": "btree", "included": [], "predicate": None,
        "definition": f"CREATE INDEX {name} ON public.{table} USING btree ({', '.join(keys)})", "tablespace": None,
        "quoted_comment": None,
    }  # fmt: skip
    return Catalogued.model_validate({"oid": oid, "name": name, "keys": list(keys), **usual, **known})


def indexes() -> Indexes:
    """One is broken, one double, one covered, one unused, one is being built."""
    rows = [
        catalogued(1, "tasks", "idx_tasks_due", "due_date", broken=1, scans=0),
        catalogued(2, "patients", "patients_mrn_unique", "mrn", is_unique=True, constraint_name="patients_mrn_unique"),
        catalogued(3, "patients", "idx_patients_mrn", "mrn", scans=12),
        catalogued(4, "audit_logs", "audit_logs_user_id_index", "user_id", parts=366, rooted=True, bytes=9 * GB),
        catalogued(5, "audit_logs", "idx_audit_logs_user_time", "user_id", "created_at", parts=366, rooted=True,
                   bytes=14 * GB),
        catalogued(6, "tasks", "idx_tasks_vector_clock", "vector_clock_node_id", scans=0, bytes=412 * MB),
        catalogued(7, "tasks", "idx_tasks_patient_uuid", "patient_uuid", builder=4821, broken=1, scans=0),
        catalogued(8, "tasks", "tasks_pkey", "id", is_unique=True, is_primary=True, constraint_name="tasks_pkey"),
    ]  # fmt: skip
    return Indexes(NIGHT, beside_each_other(rows), SINCE, in_recovery=False)


def standby(name: str, **known: object) -> Standby:
    """One that keeps up."""
    usual: dict[str, object] = {
        "pid": 7000 + len(name), "user": "replicator", "client": "10.2.0.9", "backend_start": SINCE,
        "state": "streaming", "sync_state": "async", "send_bytes": 0, "flush_bytes": 0, "replay_bytes": 0,
        "flush_seconds": 0.0004, "replay_seconds": 0.0009, "silent_seconds": 1.0,
    }  # fmt: skip
    return Standby.model_validate({"name": name, **usual, **known})


def slot(name: str, **known: object) -> Slot:
    """One that is read."""
    usual: dict[str, object] = dict.fromkeys(Slot.model_fields)
    usual |= {"kind": "physical", "active": True, "active_pid": 7003, "temporary": False, "wal_status": "reserved"}
    return Slot.model_validate({**usual, "name": name, "kept_bytes": 16 * MB, **known})


def replication() -> Replication:
    """One standby is late, and one slot nobody reads."""
    limits = Health()
    links = [
        of_slot(slot("warehouse", kind="logical", plugin="pgoutput", database="emr", active=False, active_pid=None,
                     kept_bytes=31 * GB, behind_bytes=31 * GB, wal_status="extended",
                     inactive_since=NIGHT - timedelta(days=2), catalog_xmin_age=9_120_400), limits),
        of_standby(standby("db3", replay_bytes=412 * MB, replay_seconds=4.1), limits),
        of_standby(standby("db2"), limits),
        of_slot(slot("db2_slot"), limits),
    ]  # fmt: skip
    return Replication(NIGHT, links, in_recovery=False)


def on_a_standby() -> Replication:
    """How far a standby is itself."""
    row = Receiver(
        status="streaming", sender="db1", sender_port=5432, slot="db2_slot", silent_seconds=0.4, receive_bytes=0,
        replay_bytes=12 * MB, replay_seconds=0.2, replayed_at=NIGHT, pause_state="not paused", conflicts=3,
        feedback=True,
    )  # fmt: skip
    return Replication(NIGHT, [of_receiver(row, Health())], in_recovery=True)


def alone() -> Replication:
    """Nobody follows."""
    return Replication(NIGHT, [], in_recovery=False)


def running(pid: int, **known: object) -> Running:
    """Something under way."""
    usual: dict[str, object] = dict.fromkeys(Running.model_fields)
    usual |= {"backend_start": SINCE, "backend_type": "client backend", "user": "dba", "database": "emr"}
    return Running.model_validate({**usual, "pid": pid, "unit": "blocks", "wraparound": False, **known})


def progress() -> Underway:
    """A vacuum, an index build that waits, a backup, a copy."""
    rows = [
        Progress(running(4660, backend_type="autovacuum worker", user=None, command="VACUUM", phase="scanning heap",
                         relation="public.audit_logs", done=71_204, total=118_400, elapsed=212.0), 312.5),
        Progress(running(4821, command="CREATE INDEX CONCURRENTLY", phase="waiting for writers before build",
                         relation="public.tasks", part="idx_tasks_patient_uuid", done=0, total=1, unit="sessions",
                         waits_for=4711, elapsed=96.0, wait_event_type="Lock", wait_event="virtualxid")),
        Progress(running(5002, backend_type="walsender", database=None, user="backup", command="BASE BACKUP",
                         phase="streaming database files", done=41 * GB, total=218 * GB, unit="bytes", elapsed=402.0),
                 104.0 * MB),
        Progress(running(5107, user="emr_app", command="COPY FROM", relation="staging.imported", phase="pipe",
                         done=912_000, unit="rows", elapsed=11.0), 80_200.0),
    ]  # fmt: skip
    return Underway(NIGHT, rows)


def idle() -> Underway:
    """Nothing."""
    return Underway(NIGHT, [])


def denied() -> NoReturn:
    """Somebody took from everybody what PostgreSQL gives to everybody."""
    raise NoPrivilege(
        "pg_stat_progress_vacuum may not be read by ana.",
        hint='A superuser can give the right: GRANT SELECT ON pg_catalog.pg_stat_progress_vacuum TO "ana";',
    )


USUAL: dict[str, Callable[[], Any]] = {
    "database": summary,
    "tables": tables,
    "indexes": indexes,
    "replication": replication,
    "progress": progress,
}
"""What each tab shows, by its name."""


def database(**answers: Callable[[], Any]) -> type[Pane[Any, Any]]:
    """The database pane, all of its tabs fed by hand."""

    class Fed(DatabasePane):
        """Sizes, cache, tables, indexes, replication, progress."""

        TABS: ClassVar[InnerPanes] = tuple(fed(tab, {**USUAL, **answers}[tab.NAME]) for tab in DatabasePane.TABS)

        def on_mount(self) -> None:
            for beat in beats():
                self.database.pulses.add(beat)

    return Fed
