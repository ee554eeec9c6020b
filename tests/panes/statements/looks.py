"""What statements cost in a night at a made-up hospital: the rows of the statements pane's pictures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from console.panes.statements.models import Key, Place, Running, Snapshot, Statement, Totals
from console.panes.statements.view import StatementsPane
from console.ui.pane import Pane
from tests.panes.looks import NIGHT, fed

PLACE = Place(
    available=True, largest=5000, track="top", preloaded="pg_stat_statements", version="1.12", schema_name="public",
    usable=True, callable=True,
)  # fmt: skip
TOTALS = Totals(
    as_of=NIGHT, reset=NIGHT - timedelta(hours=20), thrown_away=0, entries=412, total_time=7_730.0, hidden=0,
    hidden_time=0.0, queryids=None, microseconds=None,
)  # fmt: skip

SEEN = (
    ("emr_app", 3_411.0, 1_204_331, 1.9e-3, 1_204_331, 0.999, 0, 812,
     "UPDATE tasks AS t SET status = $1, version = version + $2 WHERE t.id = $3"),
    ("emr_reporting", 2_018.0, 251, 1.3, 40_160, 0.71, 4_100, 0,
     "SELECT entity_type, count(*) FROM audit_logs WHERE created_at > $1 GROUP BY entity_type"),
    ("emr_app", 911.0, 88_020, 4.1e-3, 4_401_000, 0.998, 0, 0,
     "SELECT v.id, v.title, v.status FROM tasks_with_patients AS v WHERE v.status <> $1 ORDER BY v.due_date LIMIT $2"),
    ("emr_app", 402.0, 1_290_112, 0.2e-3, 1_290_112, 1.0, 0, 1_900,
     "INSERT INTO audit_logs (action, entity_type, user_id) VALUES ($1, $2, $3)"),
    ("postgres", 61.0, 1, 0.0, 0, 0.93, 0, 0, "refresh materialized view concurrently audit_logs_daily"),
    ("ana", 44.0, 12, 2.2, 12, 0.42, 0, 0, None),
)  # fmt: skip
"""Role, seconds, calls, standard deviation, rows, share of blocks in memory, MB of temporary files and of WAL, text."""


def statement(number: int, seconds: float | None = None) -> Statement:
    """One of SEEN; in an interval a thousandth of it."""
    user, time, calls, stddev, rows, hit, temp, wal, text = SEEN[number]
    part = 1_000 if seconds else 1
    return Statement(
        key=Key(number, number, 5, True), user=user, database="emr", calls=max(1, calls // part),
        total_time=time / part, stddev_time=stddev, rows=rows // part, blocks_hit=round(1e6 * hit),
        blocks_read=round(1e6 * (1 - hit)), temp_bytes=temp * 2**20 // part, wal_bytes=wal * 2**20 // part,
        share=time / 7_730.0, seconds=seconds, query=text,
    )  # fmt: skip


def still(pid: int, age: float, query: str, **known: object) -> Running:
    """A statement that has not ended."""
    usual = {"user": "emr_app", "database": "emr", "application": "emr-task-service", "backend_start": NIGHT}
    return Running.model_validate(
        dict.fromkeys(Running.model_fields) | usual | known | {"pid": pid, "age": age, "query": query}
    )


RUNNING = (
    still(4802, 96.0, "update tasks set status = 'DONE' where id = 'a1b2'", wait_event_type="Lock",
          wait_event="transactionid"),
    still(4633, 17.4, "select entity_type, count(*) from audit_logs group by 1", user="emr_reporting",
          application="emr-reporting"),
)  # fmt: skip


def busy() -> Snapshot:
    """All since the last reset."""
    rows = [statement(number) for number in range(len(SEEN))]
    return Snapshot(NIGHT, RUNNING, statements=rows, totals=TOTALS, place=PLACE)


def hot() -> Snapshot:
    """The last five seconds, in which the server ran out of room for its counters."""
    rows = [statement(number, 5.0) for number in (1, 0, 3)]
    return Snapshot(NIGHT, (), statements=rows, totals=TOTALS, place=PLACE, now=True, seconds=5.0, filling=True)


def measuring() -> Snapshot:
    """The first sample of an interval."""
    return Snapshot(NIGHT, (), totals=TOTALS, place=PLACE, now=True)


def hidden() -> Snapshot:
    """What a role without pg_read_all_stats sees."""
    totals = TOTALS.model_copy(update={"hidden": 390, "hidden_time": 7_600.0})
    grant = 'GRANT pg_read_all_stats TO "ana";'
    return Snapshot(NIGHT, (), statements=[statement(5)], totals=totals, place=PLACE, grant=grant)


def uncreated() -> Snapshot:
    """A database without the extension."""
    why = "pg_stat_statements is not created in database emr."
    return Snapshot(
        NIGHT, RUNNING, unavailable=f"{why} A superuser can create it: CREATE EXTENSION pg_stat_statements;"
    )


def statements(answer: Callable[[], Snapshot] = busy) -> type[Pane[Any, Any]]:
    """The statements pane."""
    return fed(StatementsPane, answer)
