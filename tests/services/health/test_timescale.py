"""Health of a TimescaleDB: what is well after the migrations, and what is seen when somebody spoils it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Json

from console.db.database import LANES
from console.db.session import Session
from console.services.health.models import Finding, Level
from console.services.retention import holding
from tests.fixtures.timescale import Timescale
from tests.services.health.asking import findings

WEEKLY = """
insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at)
select 'VIEW', 'PATIENT', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid(),
       now() - make_interval(weeks => w)
from generate_series(0, 20, 2) as w
"""


PARTS = """
(select oid::regclass::text from pg_class where relname like 'compress\\_hyper\\_%' limit 1)
union all
(select min(x.indexrelid)::regclass::text
   from show_chunks('audit_logs') c join pg_index x on x.indrelid = c and not x.indisprimary
  group by c order by c limit 1)
"""
"""A relation of compressed rows, and an index of a chunk."""

SPOILED = ("H04", "H09", "H11", "H18", "H19")
"""What is well after the migrations, and spoiled by the last test."""


@pytest.fixture(scope="module")
def timescale(migrated_timescale: Timescale) -> Timescale:
    """001-005, and what the tests before have left."""
    return migrated_timescale


@contextmanager
def hands(timescale: Timescale) -> Iterator[psycopg.Connection]:
    """Somebody who does things there; nobody else may be connected meanwhile."""
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        yield connection


JOB = "select job_id, config from timescaledb_information.jobs where proc_name = %s order by job_id limit 1"


def job_of(connection: psycopg.Connection, policy: str) -> tuple[int, dict[str, Any]]:
    """The first job of one kind, and its configuration."""
    number, config = connection.execute(JOB, [policy]).fetchone() or (0, {})
    return number, config


async def asked(timescale: Timescale) -> dict[str, Finding]:
    return await findings(timescale.target())


async def test_after_the_migrations(timescale: Timescale) -> None:
    found = await asked(timescale)
    bad = {name for name, finding in found.items() if finding.level in (Level.CRIT, Level.WARN)}
    # No scheduler runs in that server, its version has known defects, and the audit rows belong to its superuser.
    assert bad == {"H02", "H27", "H20"}
    assert found["H02"].verdict.value == 8
    assert found["D19"].verdict.evidence == "migrations 5 of 5 applied, 2 manual pending"
    assert not {"D17", "D18"} & found.keys(), "there are no partitions"
    assert {name for name in SPOILED if name not in found or found[name].level is not Level.OK} == {"H09"}, "no rows"
    assert found["H12"].level is found["D21"].level is Level.OK


async def test_chunks_that_wait_to_be_compressed(timescale: Timescale) -> None:
    with hands(timescale) as connection:
        connection.execute(WEEKLY.encode())
        connection.execute("analyze audit_logs")
        late = connection.execute(
            "select count(*) from timescaledb_information.chunks where hypertable_name = 'audit_logs'"
            " and not is_compressed and range_end < now() - interval '90 days' - interval '12 hours'"
        ).fetchone()
    found = await asked(timescale)
    assert (found["H06"].level, (found["H06"].verdict.value,)) == (Level.CRIT, late)
    with hands(timescale) as connection:
        for statement in found["H06"].verdict.remedy.split("\n"):
            connection.execute(statement.encode())
    after = await asked(timescale)
    assert after["H06"].level is Level.OK
    assert after["H08"].level is Level.CRIT, "one row a batch"
    assert after["H07"].verdict.evidence.startswith("all ")
    with hands(timescale) as connection:
        connection.execute(WEEKLY.encode())
    partly = (await asked(timescale))["H07"]
    assert partly.level is Level.CRIT
    with hands(timescale) as connection:
        for statement in partly.verdict.remedy.split("\n"):
            connection.execute(statement.encode())


async def test_retention_that_goes_on_under_a_hold_and_drops_too_soon(timescale: Timescale) -> None:
    """Its first look is also the last of the test before."""
    async with await Session.open(timescale.target(), "act", settings=LANES["act"]) as session:
        (job,) = (await holding.place(session, "audit_logs", "case 17", "a test")).jobs
    held = await asked(timescale)
    assert held["H07"].level is Level.OK
    assert held["D21"].verdict.evidence == "nothing drops rows of audit_logs, under legal hold"
    with hands(timescale) as connection:
        _, before = job_of(connection, "policy_retention")
        soon = Json(before | {"drop_after": "30 days"})
        connection.execute("select alter_job(%s, scheduled => true, config => %s::jsonb)", [job, soon])
    found = await asked(timescale)
    assert (found["H12"].level, "this is 30 days" in found["H12"].verdict.evidence) == (Level.CRIT, True)
    goes_on = found["D21"]
    assert (goes_on.level, goes_on.verdict.remedy) == (Level.CRIT, f"select alter_job({job}, scheduled => false);")
    with hands(timescale) as connection:
        connection.execute(goes_on.verdict.remedy.encode())
        connection.execute("select alter_job(%s, config => %s::jsonb)", [job, Json(before)])
    async with await Session.open(timescale.target(), "act", settings=LANES["act"]) as session:
        await holding.release(session, "audit_logs", None, "a test")
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, scheduled => false)", [job])
    paused = (await asked(timescale))["D21"]
    assert (paused.level, paused.verdict.remedy) == (Level.CRIT, f"emr-console job resume {job} --reason TEXT")
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, scheduled => true)", [job])


async def test_what_somebody_has_spoiled_is_seen_and_mended(timescale: Timescale) -> None:
    """All of it at once, each by a check of its own: rights, an index, a paused job, a policy, an aggregate."""
    with hands(timescale) as connection:
        # Compressed rows lie in a relation of TimescaleDB's own; a chunk can lose an index by itself.
        connection.execute("create role intruder")
        (inner,), (index,) = connection.execute(PARTS.encode()).fetchall()
        connection.execute(f"grant delete on {inner} to intruder".encode())
        connection.execute(f"drop index {index}".encode())
        paused, _ = job_of(connection, "policy_compression")
        connection.execute("select alter_job(%s, scheduled => false)", [paused])
        refresh, before = job_of(connection, "policy_refresh_continuous_aggregate")
        endless = Json(before | {"start_offset": None})
        connection.execute("select alter_job(%s, config => %s::jsonb)", [refresh, endless])
        weeks = "now() - interval '10 weeks', now() - interval '7 weeks'"
        connection.execute(f"call refresh_continuous_aggregate('audit_logs_hourly', {weeks})".encode())
    found = await asked(timescale)
    assert {name: found[name].level for name in SPOILED} == dict.fromkeys(SPOILED, Level.CRIT)
    said = {name: found[name].verdict for name in SPOILED}
    assert said["H19"].evidence == f"intruder has DELETE on {inner}"
    assert said["H18"].evidence.endswith("lacks an index of public.audit_logs")
    assert "to the beginning" in said["H11"].evidence
    assert f"alter_job({paused}, scheduled => true)" in said["H04"].remedy
    assert said["H09"].evidence.startswith("audit_logs_hourly is ")

    with hands(timescale) as connection:
        for name in ("H19", "H04"):
            connection.execute(said[name].remedy.encode())
        definitions = connection.execute(said["H18"].remedy.partition(";")[0].encode()).fetchall()
        assert all(" ON public.audit_logs " in definition for (definition,) in definitions)
        connection.execute("select alter_job(%s, config => %s::jsonb)", [refresh, Json(before)])
        connection.execute(WEEKLY.replace("weeks", "hours").encode())
        connection.execute("call refresh_continuous_aggregate('audit_logs_hourly', null, date_trunc('hour', now()))")
    after = await asked(timescale)
    assert {after[name].level for name in SPOILED if name != "H18"} == {Level.OK}
