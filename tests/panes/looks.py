"""A night in a made-up hospital: the rows from which the panes' snapshots and the README's pictures are drawn."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from console.app import ConsoleApp
from console.db.database import Database
from console.db.target import Target
from console.errors import Exit
from console.migrate.journal_models import Happened
from console.migrate.reports import Holder, MigrationStatus, Status
from console.panes.migrations.service import Past
from console.panes.migrations.view import MigrationsPane
from console.panes.sessions.models import Backend, Horizon, Keeper, Snapshot
from console.panes.sessions.service import arrange
from console.panes.sessions.view import SessionsPane
from console.row import HIDDEN_TEXT
from console.ui.header import Identity
from console.ui.pane import Pane
from console.ui.panebar import Panes, pane_commands

NIGHT = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)
HERE = Identity(
    profile="staging", user="dba", host="db2", database="emr", role="primary", version="18.6", flavour="plain"
)

NOWHERE = {"host": "db2", "hostaddr": "127.0.0.1", "port": "1", "user": "dba", "dbname": "emr"}
"""Nobody listens there, and no name has to be looked up."""

TASK = "select id, title, status from tasks where department_id = '7f' and due_date < now() order by due_date limit 50"
REPORT = "select entity_type, count(*) from audit_logs where created_at > '2026-01-01' group by 1"
NOTE = "update tasks set status = 'COMPLETED', version = version + 1 where id = 'a1b2' and version = 7"


def backend(pid: int, **known: object) -> Backend:
    """One connected client; what is not said is as usual."""
    usual: dict[str, object] = {
        "backend_start": NIGHT - timedelta(hours=5, seconds=pid),
        "backend_type": "client backend",
        "leader_pid": None,
        "user": "emr_app",
        "database": "emr",
        "application": "emr-task-service",
        "client": "10.2.0.17",
        "state": "idle",
        "wait_event_type": "Client",
        "wait_event": "ClientRead",
        "query_start": NIGHT - timedelta(seconds=9),
        "query_age": 9.0,
        "transaction_age": None,
        "state_age": 9.0,
        "has_written": False,
        "horizon": None,
        "blocked_by": [],
        "query_text": "commit",
    }
    return Backend.model_validate({"pid": pid, **usual, **known})


def busy() -> Snapshot:
    """Somebody sleeps in a transaction, and others wait for him."""
    waiting = {"state": "active", "wait_event_type": "Lock", "query_text": NOTE}
    working = {"state": "active", "wait_event_type": None, "wait_event": None}
    rows = [
        backend(4711, application="emr-integration", client="10.2.0.31", state="idle in transaction", query_age=741.0,
                transaction_age=743.0, state_age=741.0, query_text=NOTE, has_written=True, horizon=48_211),
        backend(4802, **waiting, wait_event="transactionid", blocked_by=[4711], query_age=96.0, transaction_age=96.0),
        backend(4810, **waiting, wait_event="tuple", blocked_by=[4802, 4711], query_age=41.0, transaction_age=41.0,
                application="emr-mobile-sync", client="10.2.0.40"),
        backend(4633, **working, user="emr_reporting", application="emr-reporting", client="10.2.0.52",
                query_age=17.4, transaction_age=17.4,
                query_text=REPORT),
        *(backend(pid, **working, user="emr_reporting", application="emr-reporting", backend_type="parallel worker",
                  leader_pid=4633, query_age=17.4, transaction_age=17.4, query_text=REPORT) for pid in (4901, 4902)),
        backend(4821, **working, query_age=0.004, transaction_age=0.004, query_text=TASK),
        backend(4640, **(working | {"wait_event_type": "IO", "wait_event": "DataFileRead"}), application="emr-handover",
                query_age=1.2, transaction_age=1.3, query_text="select * from handovers where id = 'x'"),
        backend(4650, state="idle in transaction (aborted)", transaction_age=63.0, query_age=62.0, application="psql",
                user="ana", client="local", query_text="select 1/0"),
        backend(4660, backend_type="autovacuum worker", user=None, application="", client=None, **working,
                query_age=212.0, transaction_age=212.0, query_text="autovacuum: VACUUM ANALYZE public.tasks"),
        *(backend(5000 + n, query_age=3.0 * n * n, application=f"emr-{name}", query_text=TASK)
          for n, name in enumerate(["gateway", "task-service", "handover", "mobile-sync", "gateway", "audit"], 1)),
    ]  # fmt: skip
    keepers = [
        Keeper(kind="prepared transaction", name="tm-0815", owner="emr_integration", database="emr", age=5_400.0,
               horizon=1_911),
        Keeper(kind="replication slot", name="old_standby", owner=None, database=None, age=None, horizon=9_311),
    ]  # fmt: skip
    return Snapshot(NIGHT, arrange(rows), connections=14, limit=97, keepers=keepers,
                    horizon=Horizon("4711", "session", 743.0, 48_211), ours_hidden=2)  # fmt: skip


def hidden() -> Snapshot:
    """What a role without pg_read_all_stats sees of others."""
    nothing = dict.fromkeys(("backend_start", "client", "state", "wait_event_type", "wait_event", "query_age"))
    rows = [backend(4711 + n, **nothing, state_age=None, query_text=HIDDEN_TEXT) for n in range(3)]
    sessions = arrange([*rows, backend(4800, user="ana", application="psql")])
    grant = 'GRANT pg_read_all_stats TO "ana";'
    return Snapshot(NIGHT, sessions, connections=5, limit=97, ours_hidden=1, grant=grant)


def nobody() -> Snapshot:
    """No one but us."""
    return Snapshot(NIGHT, [], connections=1, limit=97, ours_hidden=1)


def schema() -> Status:
    """Four of five applied, one with a changed file; the fifth failed and is being tried again."""
    names = ("initial_schema", "add_audit_logs", "add_vector_clocks", "add_patients_table")
    done = [
        MigrationStatus(f"00{n}", name, "applied", "any", batch=1, applied_at=NIGHT - timedelta(days=40 - n),
                        duration=0.02 * n, operator="ana@ops1", statements=20 + n)
        for n, name in enumerate(names, 1)
    ]  # fmt: skip
    done[2] = MigrationStatus("003", names[2], "applied", "any", "down", batch=1, applied_at=NIGHT, duration=0.06,
                              operator="ana@ops1", statements=23)  # fmt: skip
    error: dict[str, str | int | None] = {"sqlstate": "55P03", "message": "a lock was not to be had"}
    rows = [*done, MigrationStatus("005", "add_timescaledb", "applying", "plain", statements=57, last_error=error)]
    holder = Holder(4999, "ben", "ops2", NIGHT - timedelta(seconds=12), "005", 3, 57, [4711])
    return Status(NIGHT, "plain", 1, holder, rows, Exit.LOCKED)


def calm_schema() -> Status:
    """Everything applied."""
    rows = schema().rows[:2]
    return Status(NIGHT, "plain", 1, None, rows, Exit.OK)


def unread_schema() -> Status:
    """What a role that may not read the ledger sees."""
    rows = [MigrationStatus(row.version, row.name, "unknown", row.flavour) for row in schema().rows]
    note = 'What was applied here cannot be read by ana. A superuser can allow it: GRANT pg_monitor TO "ana";'
    return Status(NIGHT, "plain", None, None, rows, Exit.FINDINGS, note)


def fed(pane: type[Pane[Any, Any]], answer: Callable[[], Any]) -> type[Pane[Any, Any]]:
    """The same pane, fed by hand, once."""

    class Fed(pane):  # type: ignore[valid-type,misc]  # a class made for one test
        INTERVAL: ClassVar = None

        async def load(self) -> Any:
            return answer()

    return Fed


def console(*panes: type[Pane[Any, Any]], identity: Identity = HERE, where: Target | None = None) -> ConsoleApp:
    """The console with these panes alone, on a database of a test server or on none at all."""

    class Console(ConsoleApp):
        PANES: ClassVar[Panes] = panes
        COMMAND_TABLE: ClassVar = pane_commands(panes)

    return Console(
        Database(where or Target(NOWHERE, "a test", "staging", "staging")),
        identity,
        environ={"TERM": "xterm", "LANG": "C.UTF-8"},
    )


def sessions(answer: Callable[[], Snapshot] = busy) -> type[Pane[Any, Any]]:
    """The sessions pane."""
    return fed(SessionsPane, answer)


def migrations(answer: Callable[[], Status] = schema) -> type[Pane[Any, Any]]:
    """The migrations pane; of the past of each migration the ledger tells the same."""

    class Told(MigrationsPane):
        async def past(self, row: MigrationStatus) -> Past:
            return Past([applied_once(row.version)])

    return fed(Told, answer)


def applied_once(version: str) -> Happened:
    """One event of the ledger."""
    return Happened(
        id=1, at=NIGHT - timedelta(days=36), kind="applied", version=version, operator="ana", host="ops1",
        run_kind="up", target="all", reason="ticket 4711", outcome="done", logged_in_as="dba", acted_as="emr_owner",
        tool_version="0.1", run_id=None, detail={},
    )  # fmt: skip
