"""One row closer: what is masked stays on the server, and nothing is revealed that is not written down first."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from console.db import operator
from console.db.database import Database
from console.errors import NoPrivilege, Refused, Unsupported, UsageError
from console.services.audit import closer, gaps, search, strangers
from console.services.audit.models import Event
from console.services.audit.recording import Recorder
from console.services.audit.standing import Standing, standing
from console.sql import harmless
from console.sql.masks import LARGEST
from tests.migrate.working import ask
from tests.services.audit.logging import ago, event, walked, write
from tests.targets import target

PHI = ("Doe", "TEST-000123", "555-0101", "Elm Street", "1950-02-03")
CHANGES = {
    "status": {"from": "TO_DO", "to": "COMPLETED"},
    "version": {"from": 1, "to": 2},
    "last_name": {"from": "Doe", "to": None},
    "phone": "555-0101",
    "Doe": {"to": "x"},
    "priority": {"from": "Elm Street 5", "to": ["Doe"]},
    "address": {"street": {"name": "Elm Street"}},
}
METADATA = {"outcome": "SUCCESS", "response_time_ms": 17, "reason": "TEST-000123 called", "results": {"of": "Doe"}}
UNTIL = "since:all until:2026-03-14T12:00"


@pytest.fixture
def log(pg18_migrated: str) -> str:
    """One change of a patient, with its details."""
    row = event(ago(hours=1), action="UPDATE", changes=json.dumps(CHANGES), metadata=json.dumps(METADATA),
                emr_system="EPIC", emr_patient_id="TEST-000123")  # fmt: skip
    write(pg18_migrated, [row])
    states = ({"version": 1, "last_name": "Doe", "note": "same"}, {"version": 2, "last_name": "Roe", "note": "same"})
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.execute(
            "insert into audit_log_details (audit_log_id, audit_log_created_at, created_at, previous_state, new_state)"
            " values (%s, %s, %s, %s, %s)",
            (row["id"], row["created_at"], row["created_at"], *map(json.dumps, states)),
        )
    return pg18_migrated


async def first(db: Database) -> Event:
    """The newest row."""
    return (await walked(db, UNTIL))[0]


async def test_only_harmless_values_leave_the_server(log: str) -> None:
    async with Database(target(log)) as db:
        found = await closer.opened(db, Recorder(db), await first(db))
    assert found is not None
    assert found.whole.changes == {
        "***": "***",
        "status": {"from": "TO_DO", "to": "COMPLETED"},
        "version": {"from": 1, "to": 2},
        "last_name": {"from": "***", "to": None},
        "phone": "***",
        "priority": {"from": "***", "to": "***"},
    }
    assert found.whole.metadata == {"outcome": "SUCCESS", "response_time_ms": 17, "reason": "***", "results": "***"}
    differing = {"version": {"from": 1, "to": 2}, "last_name": {"from": "***", "to": "***"}}
    assert [state.changes for state in found.states] == [differing]
    assert not [value for value in PHI if value in repr(found)]


SLY = {
    "status": {"from": "Johnson", "to": "BLOCKED"}, "operator": "Harry_Johnson", "version": 5559999123,
    "record_count": 19770707, "johnsmithsecret": 1, "outcome": "Johnson", "synthetic": True, "attempt": 2,
}  # fmt: skip


AGENTS = {
    "EMR-Web/7.0 (Harry (Johnson) 1/2) Harry Johnson/x": "EMR-Web/7.0",
    "emr-console/0.1.0": "emr-console/0.1.0",
    "Harry Johnson": None,
}
"""Programs as rows name them, and as they are shown."""


async def test_what_only_looks_harmless_stays(pg18_migrated: str) -> None:
    said = json.dumps(SLY)
    write(pg18_migrated, [
        event(ago(hours=n), changes=said, metadata=said, user_agent=agent) for n, agent in enumerate(AGENTS, 1)
    ])  # fmt: skip
    masked = {
        "status": {"from": "***", "to": "BLOCKED"}, "operator": "***", "version": "***", "record_count": "***",
        "***": "***", "outcome": "***", "synthetic": True, "attempt": 2,
    }  # fmt: skip
    async with Database(target(pg18_migrated)) as db:
        for row, shown in zip(await walked(db, UNTIL), AGENTS.values(), strict=True):
            found = await closer.opened(db, Recorder(db), row)
            assert found is not None
            assert found.whole.changes == masked
            assert found.whole.metadata == masked | {"status": "***"}
            assert found.whole.operator is None
            assert found.whole.user_agent == shown


FORGED = {
    "operator": "Doe", "host": "Elm Street", "since": "1950-02-03", "until": "1950-02-03T00:00:00+00:00",
    "rows": 5550101, "sha256": "TEST-000123", "outcome": "Doe", "review": "1950-02-03 to Doe", "row": "TEST-000123",
    "search": "user:Doe -user:555-0101 patient:TEST-000123 text:hmac-sha256:Doe action:DOE entity:DOE Elm ip:10.2.3.4"
              " system:EPIC,DOE Street id:555-0101 bulk -action:VIEW,SEARCH",
    "format": "Doe", "masked": "Doe", "session_user": "Doe", "client_addr": "10.2.3.4", "reason": "Doe called",
}  # fmt: skip


async def test_a_row_that_calls_itself_ours_names_nobody(pg18_migrated: str) -> None:
    """An application can write our name and our keys; nothing that it chooses passes, in the file either."""
    write(pg18_migrated, [event(ago(hours=1), user_agent="emr-console/0.1.0", metadata=json.dumps(FORGED))])
    async with Database(target(pg18_migrated)) as db:
        found = await closer.opened(db, Recorder(db), await first(db))
    assert found is not None
    search = ("user:*** -user:*** patient:*** text:*** action:*** entity:*** *** ip:*** system:*** *** id:*** bulk"
              " -action:VIEW,SEARCH")  # fmt: skip
    assert found.whole.metadata == dict.fromkeys(FORGED, "***") | {"search": search}
    assert found.whole.operator is None
    assert not [value for value in (*PHI, "DOE", "5550101", "10.2.3.4") if value in repr(found)]


async def test_what_we_write_can_be_read(pg18_migrated: str) -> None:
    """The operator by his own word, by a role of the server, or by an event of the ledger; and what he searched."""
    known: dict[str, object] = {
        "search": "patient:hmac-sha256:c0a985cbb73a4730ef2ef477b1d341e4 -action:VIEW,EXPORT session:"
                  "3484582e-6b98-4adb-a009-64e49cf46cfe after-hours",
        "since": "2026-02-12T12:00:00+00:00", "until": "2026-03-14T12:00:00.123456+00:00", "outcome": "complete",
        "rows": 48_211, "format": "csv", "masked": True, "sha256": "ab" * 32, "review": "2026-03-07 to 2026-03-14",
    }  # fmt: skip
    names = (operator.current().user, "postgres", "ana", "ben")
    ask(pg18_migrated, "insert into emr_console.event (kind, operator) values ('x.y', 'ana@ward-7')")
    write(pg18_migrated, [
        event(ago(minutes=n), user_agent="emr-console/0.1.0", user_id=strangers.id_of("postgres"),
              metadata=json.dumps(known | {"operator": name, "host": "ward-7"}))
        for n, name in enumerate(names, 1)
    ])  # fmt: skip
    async with Database(target(pg18_migrated)) as db:
        rows = await walked(db, f"{UNTIL} entity:patient")
        assert {row.user for row in rows} == {"role postgres"}
        found = [await closer.opened(db, Recorder(db), row) for row in rows]
    metadata = known | {"operator": "***", "host": "***"}
    assert [each and each.whole.metadata for each in found] == [metadata] * 4
    assert [each and each.whole.operator for each in found] == [names[0], "postgres", "ana@ward-7", None]


def test_the_closed_lists_are_the_schemas(pg18_migrated: str) -> None:
    columns = ask(pg18_migrated, "select column_name from information_schema.columns where table_schema = 'public'")
    labels = ask(pg18_migrated, "select enumlabel from pg_enum")
    assert {name for (name,) in columns} == set(harmless.COLUMNS)
    assert {label for (label,) in labels} <= {word for words in harmless.WORDS.values() for word in words}


async def test_who_opens_a_patients_row_is_written_down(log: str) -> None:
    async with Database(target(log)) as db:
        recorder = Recorder(db)
        found = await closer.opened(db, recorder, await first(db))
        assert found is not None
        assert not found.kept.why
    seen = "select entity_type, entity_id, metadata ->> 'row' from audit_logs where action = 'VIEW'"
    assert ask(log, seen) == [("PATIENT", UUID(int=77), str(found.whole.id))]


async def test_a_row_about_no_patient_is_only_opened(pg18_migrated: str) -> None:
    write(pg18_migrated, [event(ago(hours=1), action="LOGIN", entity_type="USER")])
    async with Database(target(pg18_migrated)) as db:
        assert await closer.opened(db, Recorder(db), await first(db)) is not None
    assert ask(pg18_migrated, "select count(*) from audit_logs") == [(1,)]


async def test_a_reveal_is_written_down_first(log: str) -> None:
    async with Database(target(log)) as db:
        recorder = Recorder(db)
        found = await closer.opened(db, recorder, await first(db))
        assert found is not None
        clear = await closer.revealed(db, recorder, found.whole, "complaint: letter of 12 May")
    assert clear.row.patient == "TEST-000123"
    assert clear.row.ip == "10.2.3.4"
    assert json.loads(clear.row.changes or "") == CHANGES
    assert json.loads(clear.states[0].before or "")["last_name"] == "Doe"
    seen = ask(log, "select entity_id, metadata ->> 'reason', metadata::text from audit_logs where action = 'REVEAL'")
    assert [row[:2] for row in seen] == [(UUID(int=77), "complaint: letter of 12 May")]
    assert not [value for value in PHI if value in seen[0][2]]


async def test_a_reveal_needs_a_reason(log: str) -> None:
    async with Database(target(log)) as db:
        found = await closer.opened(db, Recorder(db), await first(db))
        assert found is not None
        for reason in ("", "because", "curious: I want to know", "legal: short"):
            with pytest.raises(UsageError):
                await closer.revealed(db, Recorder(db), found.whole, reason)
    assert ask(log, "select count(*) from audit_logs where action = 'REVEAL'") == [(0,)]


async def test_without_the_right_to_write_nothing_is_revealed(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    role = f"r{uuid4().hex}"
    ask(log, f"create role {role} login password 'x'")
    try:
        async with Database(target(log, user=role, password="x")) as db:
            with pytest.raises(NoPrivilege, match="may not read"):
                await standing(db)
        ask(log, f"grant select on audit_logs to {role}")
        async with Database(target(log, user=role, password="x")) as db:
            assert await standing(db) == Standing(recorded=False)
            found = await closer.opened(db, Recorder(db), await first(db))
            assert found is not None
            assert found.kept.file is not None
            assert "audit_log_details" in found.unread
            with pytest.raises(Refused, match="not shown"):
                await closer.revealed(db, Recorder(db), found.whole, "complaint: letter of 12 May")
    finally:
        ask(log, f"drop owned by {role}; drop role {role}")


async def test_what_is_too_large_is_not_read(pg18_migrated: str) -> None:
    write(pg18_migrated, [event(ago(hours=1))])
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.execute(
            "insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at)"
            " select 'UPDATE', 'TASK', %s, %s, jsonb_build_object('status', string_agg(md5(n::text), '')), %s, %s"
            " from generate_series(1, 20000) as n",
            (uuid4(), uuid4(), uuid4(), ago(minutes=1)),
        )
    async with Database(target(pg18_migrated)) as db:
        found = await closer.opened(db, Recorder(db), await first(db))
    assert found is not None
    assert found.whole.changes is None
    assert found.whole.changes_bytes > 262_144


async def test_what_the_server_has_squeezed_is_not_revealed(log: str) -> None:
    """Stored it is small; unpacked it would be all that this terminal gets for minutes."""
    blob = json.dumps({"note": "x" * 1_000_000})
    with psycopg.connect(log, autocommit=True) as connection:
        connection.execute("alter table audit_log_details disable trigger user")
        connection.execute("update audit_log_details set new_state = %s", (blob,))
    row = event(ago(minutes=1), changes=blob, metadata=blob)
    write(log, [row])
    async with Database(target(log)) as db:
        newest, older = await walked(db, UNTIL)
        for each in (newest, older):
            found = await closer.opened(db, Recorder(db), each)
            assert found is not None
            assert max(found.whole.metadata_bytes, *(states.states_bytes for states in found.states), 1) < LARGEST
            clear = await closer.revealed(db, Recorder(db), found.whole, "complaint: letter of 12 May")
            assert len(str(clear)) < 2_000


async def test_days_without_events(pg18_migrated: str) -> None:
    """What comes before the first event is no gap, though its partition begins earlier."""
    write(pg18_migrated, [event(ago(days=n)) for n in range(60) if n not in (3, 20, 21, 22, 40)])
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, UNTIL)
        parts = [part async for part in gaps.silent_days(db, ready)]
    found = gaps.gaps([day for part in parts for day in part.silent])
    assert [(f"{gap.first:%m-%d}", gap.days) for gap in found] == [("03-11", 1), ("02-20", 3), ("02-02", 1)]
    assert len(parts) == 3


async def test_no_log_at_all(pg18_database: str) -> None:
    async with Database(target(pg18_database)) as db:
        with pytest.raises(Unsupported, match="There is no audit log"):
            await standing(db)


async def test_rows_in_backups_are_counted(pg18_migrated: str) -> None:
    write(pg18_migrated, [event(ago(hours=n)) for n in range(3)])
    ask(pg18_migrated, "create table audit_logs_backup_20260101000000 as select * from audit_logs")
    ask(pg18_migrated, "create table audit_logs_backup_20260101000001 (like audit_logs)")
    async with Database(target(pg18_migrated)) as db:
        assert await standing(db) == Standing(recorded=True, unsearched=3, backups=1)
