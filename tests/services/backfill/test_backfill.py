"""tasks.patient_uuid is filled exactly, whoever else is writing, and nobody's clock moves."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import AsyncConnection

from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.services.alone import alone
from console.services.backfill import service
from console.services.backfill.models import Counts
from tests.migrate.servers import on_both
from tests.services.backfill.working import WRONG, Ear, dsn, fill, rows, value
from tests.targets import target

HASTY = service.SETTINGS | {"lock_timeout": "50"}
"""Of a session that does not wait long for a lock."""


@on_both
async def test_every_task_gets_its_patient(hospital: psycopg.Connection) -> None:
    before = rows(hospital, "select id, updated_at, vector_clock_timestamp, version from tasks order by id")
    counts = await fill(dsn(hospital), batch=7)
    assert (counts.matched, counts.unmatched, counts.ambiguous, counts.remaining) == (100, 0, 0, 0)
    assert (counts.batches, counts.walked) == (15, 100)
    assert value(hospital, WRONG) == 0
    assert rows(hospital, "select id, updated_at, vector_clock_timestamp, version from tasks order by id") == before
    assert counts.last_id == before[-1][0]


async def test_what_has_no_patient_stays_empty(hospital: psycopg.Connection) -> None:
    hospital.execute("update tasks set patient_id = 'nobody' where patient_id = 'TP1'")
    hospital.execute("update tasks set emr_system = 'CERNER' where patient_id = 'TP2'")
    hospital.execute("update patients set deleted_at = now() where emr_patient_id = 'TP3'")
    counts = await fill(dsn(hospital))
    assert (counts.matched, counts.deleted, counts.unmatched, counts.remaining) == (80, 10, 20, 20)
    assert rows(hospital, "select distinct patient_id from tasks where patient_uuid is null order by 1") == [
        ("TP2",),
        ("nobody",),
    ]


async def test_of_two_patients_none_is_chosen(hospital: psycopg.Connection) -> None:
    hospital.execute("alter table patients drop constraint uq_patients_emr_system_patient_id")
    hospital.execute("update patients set emr_patient_id = 'TP2' where emr_patient_id = 'TP1'")
    ear = Ear()
    counts = await fill(dsn(hospital), ear)
    assert (counts.matched, counts.unmatched, counts.ambiguous, counts.remaining) == (80, 10, 10, 20)
    assert {task for batch in ear.batches for task in batch.ambiguous} == {
        task for (task,) in rows(hospital, "select id from tasks where patient_id = 'TP2'")
    }


async def test_the_outlook_is_what_comes(hospital: psycopg.Connection) -> None:
    hospital.execute("update tasks set patient_id = 'nobody' where patient_id = 'TP1'")
    hospital.execute("update patients set deleted_at = now() where emr_patient_id = 'TP3'")
    async with await Session.open(target(dsn(hospital)), "test", settings=service.SETTINGS, read_only=True) as session:
        found = await service.look(session)
    assert value(hospital, "select count(patient_uuid) from tasks") == 0
    counts = await fill(dsn(hospital))
    assert found.model_dump() == {
        "matched": counts.matched,
        "deleted": counts.deleted,
        "unmatched": counts.unmatched,
        "ambiguous": counts.ambiguous,
    }


async def test_the_audit_log_tells_who_and_why(ward: psycopg.Connection) -> None:
    ward.execute("update tasks set patient_id = 'nobody' where patient_id = 'TP1'")
    await fill(dsn(ward))
    began, ended = rows(
        ward, "select action, entity_type, request_id, user_id, metadata from audit_logs"
        " where entity_type = 'TASK' order by metadata ->> 'stage'",
    )  # fmt: skip
    assert began[:4] == ended[:4]
    assert began[:2] == ("UPDATE", "TASK")
    assert {"stage": "began", "reason": "a test", "what": "backfill", "session_user": "postgres"}.items() <= began[
        4
    ].items()
    assert {"stage": "ended", "matched": 90, "unmatched": 10, "remaining": 10}.items() <= ended[4].items()


async def test_an_operator_who_is_a_user_is_named(ward: psycopg.Connection) -> None:
    await fill(dsn(ward))
    stranger = value(ward, "select distinct user_id from audit_logs where entity_type = 'TASK'")
    assert value(ward, f"select count(*) from users where id = '{stranger}'") == 0
    ward.execute(
        "update users set username = "
        "(select metadata ->> 'operator' from audit_logs where entity_type = 'TASK' limit 1)"
    )
    ward.execute("update tasks set patient_uuid = null")
    await fill(dsn(ward))
    assert value(ward, "select count(*) from audit_logs join users on users.id = audit_logs.user_id") == 2


async def test_again_there_is_nothing_to_do(hospital: psycopg.Connection) -> None:
    await fill(dsn(hospital))
    versions = rows(hospital, "select id, xmin from tasks order by id")
    counts = await fill(dsn(hospital))
    assert (counts.matched, counts.remaining) == (0, 0)
    assert rows(hospital, "select id, xmin from tasks order by id") == versions


@contextmanager
def transaction(connection: psycopg.Connection, statement: str) -> Iterator[psycopg.Connection]:
    """Somebody in the middle of a transaction."""
    with psycopg.connect(dsn(connection), autocommit=True) as other:
        other.execute("begin")
        other.execute(statement.encode())
        yield other


async def test_tasks_that_others_write_are_done_later(hospital: psycopg.Connection) -> None:
    with transaction(hospital, "update tasks set version = 2 where patient_id in ('TP1', 'TP2')") as nurse:
        ear = Ear(lambda: nurse.execute("commit"))
        counts = await fill(dsn(hospital), ear, batch=7)
    assert ear.notes == ["20 tasks were being written by others; going back to them."]
    assert (counts.matched, counts.locked, counts.remaining) == (100, 0, 0)
    assert value(hospital, WRONG) == 0
    assert value(hospital, "select count(*) from tasks where version = 2") == 20


async def test_tasks_that_stay_locked_are_told(ward: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RETURNS", (0.0, 0.0))
    with transaction(ward, "update tasks set version = 2 where patient_id = 'TP1'"):
        counts = await fill(dsn(ward))
    assert (counts.matched, counts.locked, counts.remaining) == (90, 10, 10)


@pytest.mark.parametrize(
    "statement", ["lock table tasks in access exclusive mode", "lock table patients in access exclusive mode"]
)
async def test_a_locked_table_is_waited_for(ward: psycopg.Connection, statement: str) -> None:
    with transaction(ward, "select 1") as other:
        async with await Session.open(target(dsn(ward)), "test", settings=HASTY) as session:
            empty = await service.remaining(session)
            other.execute(statement.encode())
            ear, counts = Ear(lambda: other.execute("commit")), Counts()
            await service.backfill(session, service.Pace(), ear, counts, "a test")
    assert "A batch is tried again." in ear.notes[0]
    assert counts.matched == empty == 100


async def test_a_table_that_stays_locked_ends_it(ward: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "TRIES", (0.0, 0.0))
    async with await Session.open(target(dsn(ward)), "test", settings=HASTY) as session:
        await service.remaining(session)
        with (
            transaction(ward, "lock table patients in access exclusive mode"),
            pytest.raises(ConsoleError) as caught,
        ):
            await service.backfill(session, service.Pace(), Ear(), Counts(), "a test")
    assert caught.value.exit == Exit.LOCK_BUDGET
    assert rows(ward, "select metadata ->> 'stage' from audit_logs where entity_type = 'TASK' order by 1") == [
        ("began",),
        ("stopped",),
    ]


async def test_only_one_at_a_time(ward: psycopg.Connection) -> None:
    async with (
        await Session.open(target(dsn(ward)), "backfill") as first,
        alone(first, service.FILLING),
    ):
        with pytest.raises(ConsoleError, match=rf"@.* is running a backfill here \(session {first.pid}") as caught:
            await fill(dsn(ward))
        assert caught.value.exit == Exit.LOCKED
        assert value(ward, "select count(patient_uuid) from tasks") == 0
    assert (await fill(dsn(ward))).matched == 100


WRITERS = 4


@on_both
async def test_beside_writers_nothing_is_lost(hospital: psycopg.Connection) -> None:
    """Four services count in their tasks while all of them are filled; afterwards every count is there."""
    place, stopped = dsn(hospital), asyncio.Event()
    written = [0] * WRITERS

    async def write(number: int) -> None:
        async with await AsyncConnection.connect(place, autocommit=True) as connection:
            while not stopped.is_set():
                await connection.execute(
                    "update tasks set version = version + 1 where id = (select id from tasks order by random() limit 1)"
                )
                written[number] += 1

    before = value(hospital, "select sum(version) from tasks")
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(write(number))
        counts = await fill(place, batch=2)
        stopped.set()
    assert (counts.matched, counts.remaining) == (100, 0)
    assert value(hospital, WRONG) == 0
    assert value(hospital, "select sum(version) from tasks") - before == sum(written)


def test_killed_it_goes_on_where_it_was(ward: psycopg.Connection) -> None:
    """kill -9 after the first committed batches, twice; then to the end: no task is filled twice."""
    asked = ["backfill", "--yes", "--reason", "for a test", "--json"]
    command = [sys.executable, "-m", "console", "--dsn", dsn(ward), *asked]
    ward.execute("create table filled (task uuid)")
    ward.execute(
        "create function note() returns trigger language plpgsql as"
        " $$ begin insert into filled values (new.id); return null; end $$"
    )
    ward.execute("create trigger note after update of patient_uuid on tasks for each row execute function note()")
    for _ in range(2):
        with subprocess.Popen([*command, "--batch", "2", "--rate", "2"], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            while json.loads(process.stdout.readline())["matched"] == 0:
                pass
            process.kill()
    some = value(ward, "select count(patient_uuid) from tasks")
    assert 4 <= some < 100
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["matched"] == 100 - some
    assert value(ward, WRONG) == 0
    assert value(ward, "select (count(*), count(distinct task))::text from filled") == "(100,100)"
