"""Who blocks whom in a night at a made-up hospital: the rows of the lock pane's pictures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

from console.db.server import Server
from console.panes.locks import service
from console.panes.locks.models import Party, Snapshot
from console.panes.locks.view import LocksPane
from console.row import HIDDEN_TEXT
from console.ui.pane import Pane
from tests.panes.looks import NIGHT, NOTE, fed


def party(id: int, *blocked_by: int, **known: object) -> Party:  # noqa: A002 - the field's name
    """One who waits for these, or for nobody; what is not said is as usual."""
    usual: dict[str, object] = {
        "id": id,
        "backend_start": NIGHT - timedelta(hours=5, seconds=id),
        "backend_type": "client backend",
        "user": "emr_app",
        "database": "emr",
        "application": "emr-task-service",
        "client": "10.2.0.17",
        "state": "active" if blocked_by else "idle in transaction",
        "query_age": 96.0,
        "transaction_age": 97.0,
        "state_age": 96.0,
        "has_written": True,
        "query_text": NOTE,
        "blocked_by": list(blocked_by),
        "modes_held": [],
    }
    return Party.model_validate(dict.fromkeys(Party.model_fields) | usual | known)


def row_of(table: str, waited: float, *, first: bool = False) -> dict[str, object]:
    """What is known of one who waits for a row."""
    kind = {"lock_type": "transactionid", "transaction": "771", "mode_wanted": "ShareLock"} if first else {}
    others = {"lock_type": "tuple", "mode_wanted": "ExclusiveLock"}
    place = {"lock_database": "emr", "relation": f"public.{table}", "page": 4, "tuple": 7}
    return {**others, **kind, **place, "waited": waited, "query_age": waited, "transaction_age": waited}


def table(name: str, mode: str, waited: float) -> dict[str, object]:
    """What is known of one who waits for a table."""
    place = {"lock_type": "relation", "lock_database": "emr", "relation": f"public.{name}"}
    return {**place, "mode_wanted": mode, "waited": waited, "query_age": waited, "transaction_age": waited}


def busy() -> Snapshot:
    """Somebody sleeps in a transaction and five wait; a migration waits for a report; two wait for each other."""
    alter = "alter table audit_logs add column reviewed boolean"
    parties = [
        party(4711, application="emr-integration", client="10.2.0.31", query_age=741.0, transaction_age=743.0,
              state_age=741.0, modes_held=["ExclusiveLock"]),
        party(4802, 4711, **row_of("tasks", 96.0, first=True), modes_held=["ExclusiveLock"]),
        party(4810, 4802, **row_of("tasks", 41.0), application="emr-mobile-sync"),
        party(4815, 4802, **row_of("tasks", 39.0)),
        party(4816, 4802, **row_of("tasks", 12.0), application="emr-handover"),
        party(4633, user="emr_reporting", application="emr-reporting", state="active", query_age=310.0,
              has_written=False, query_text="select entity_type, count(*) from audit_logs group by 1",
              modes_held=["AccessShareLock"]),
        party(4920, 4633, **table("audit_logs", "AccessExclusiveLock", 22.0), user="emr_owner",
              application="emr-console:migrate:ben@ops2", query_text=alter),
        party(4931, 4920, **table("audit_logs", "RowExclusiveLock", 21.0),
              query_text="insert into audit_logs values ('x')"),
        party(-90_431, gid="xid 90431", backend_start=None, backend_type=None, application=None, client=None,
              state=None, query_age=None, state_age=None, query_text=None, transaction_age=7_400.0,
              modes_held=["ExclusiveLock"]),
        party(4955, -90_431, **row_of("handovers", 3.0, first=True), application="emr-handover"),
        party(4960, 4961, **row_of("vector_clocks", 0.6, first=True), application="emr-mobile-sync",
              modes_held=["ExclusiveLock"]),
        party(4961, 4960, **row_of("vector_clocks", 0.4, first=True), application="emr-mobile-sync",
              modes_held=["ExclusiveLock"]),
    ]  # fmt: skip
    return Snapshot(NIGHT, parties)


def calm() -> Snapshot:
    """Nobody waits."""
    return Snapshot(NIGHT, [])


def hidden() -> Snapshot:
    """What a role without pg_read_all_stats sees."""
    nothing = dict.fromkeys(
        ("backend_start", "backend_type", "client", "state", "query_age", "transaction_age", "state_age")
    ) | {"query_text": HIDDEN_TEXT, "has_written": False}
    parties = [
        party(4711, **nothing, modes_held=["ExclusiveLock"]),
        party(4802, 4711, **row_of("tasks", 96.0, first=True) | nothing),
    ]
    return Snapshot(NIGHT, parties, 'GRANT pg_read_all_stats TO "ana";')


def denied() -> NoReturn:
    """What a role sees from which the views were taken."""
    raise service.denied(Server.model_construct(user="ana"))


def locks(answer: Callable[[], Any] = busy) -> type[Pane[Any, Any]]:
    """The lock pane on made-up rows."""
    return fed(LocksPane, answer)
