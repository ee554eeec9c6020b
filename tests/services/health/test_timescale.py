"""Health of a TimescaleDB: what is well after the migrations, and what is seen when somebody spoils it."""

from collections.abc import Iterator
from contextlib import contextmanager

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
from generate_series(0, 20) as w
"""


PARTS = """
(select oid::regclass::text from pg_class where relname like 'compress\\_hyper\\_%' limit 1)
union all
(select min(x.indexrelid)::regclass::text
   from show_chunks('audit_logs') c join pg_index x on x.indrelid = c and not x.indisprimary
  group by c order by c limit 1)
"""
"""A relation of compressed rows, and an index of a chunk."""


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
    assert (await asked(timescale))["H07"].level is Level.OK


async def test_what_guards_a_table_and_not_its_chunks(timescale: Timescale) -> None:
    """Compressed rows lie in a relation of TimescaleDB's own; a chunk can lose an index by itself."""
    with hands(timescale) as connection:
        connection.execute("create role intruder")
        (inner,), (index,) = connection.execute(PARTS.encode()).fetchall()
        connection.execute(f"grant delete on {inner} to intruder".encode())
        connection.execute(f"drop index {index}".encode())
    found = await asked(timescale)
    assert (found["H19"].level, found["H19"].verdict.evidence) == (Level.CRIT, f"intruder has DELETE on {inner}")
    assert found["H18"].level is Level.CRIT
    assert found["H18"].verdict.evidence.endswith("lacks an index of public.audit_logs")
    with hands(timescale) as connection:
        connection.execute(found["H19"].verdict.remedy.encode())
        definitions = connection.execute(found["H18"].verdict.remedy.partition(";")[0].encode()).fetchall()
    assert all(" ON public.audit_logs " in definition for (definition,) in definitions)
    assert (await asked(timescale))["H19"].level is Level.OK


async def test_retention_that_goes_on_under_a_hold(timescale: Timescale) -> None:
    assert (await asked(timescale))["D21"].level is Level.OK
    async with await Session.open(timescale.target(), "act", settings=LANES["act"]) as session:
        (job,) = (await holding.place(session, "audit_logs", "case 17", "a test")).jobs
    assert (await asked(timescale))["D21"].verdict.evidence == "nothing drops rows of audit_logs, under legal hold"
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, scheduled => true)", [job])
    found = (await asked(timescale))["D21"]
    assert (found.level, found.verdict.remedy) == (Level.CRIT, f"select alter_job({job}, scheduled => false);")
    with hands(timescale) as connection:
        connection.execute(found.verdict.remedy.encode())
    async with await Session.open(timescale.target(), "act", settings=LANES["act"]) as session:
        await holding.release(session, "audit_logs", None, "a test")
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, scheduled => false)", [job])
    paused = (await asked(timescale))["D21"]
    assert (paused.level, paused.verdict.remedy) == (Level.CRIT, f"emr-console job resume {job} --reason TEXT")
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, scheduled => true)", [job])


@pytest.mark.parametrize(
    ("policy", "config", "check", "words"),
    [
        ("policy_retention", '{"drop_after": "30 days"}', "H12", "this is 30 days"),
        ("policy_refresh_continuous_aggregate", '{"start_offset": null}', "H11", "to the beginning"),
    ],
)
async def test_policies_that_somebody_has_spoiled(
    timescale: Timescale, policy: str, config: str, check: str, words: str
) -> None:
    assert (await asked(timescale))[check].level is Level.OK
    with hands(timescale) as connection:
        (job, before) = connection.execute(
            "select job_id, config from timescaledb_information.jobs where proc_name = %s order by job_id limit 1",
            [policy],
        ).fetchone() or (0, {})
        change = (
            "select alter_job(%s, config => config || %s::jsonb) from timescaledb_information.jobs where job_id = %s"
        )
        connection.execute(change, [job, config, job])
    found = (await asked(timescale))[check]
    with hands(timescale) as connection:
        connection.execute("select alter_job(%s, config => %s::jsonb)", [job, Json(before)])
    assert (found.level, words in found.verdict.evidence) == (Level.CRIT, True), found.verdict.evidence


async def test_a_job_that_somebody_has_paused(timescale: Timescale) -> None:
    with hands(timescale) as connection:
        compression = "select min(job_id) from timescaledb_information.jobs where proc_name = 'policy_compression'"
        (job,) = connection.execute(compression).fetchone() or (0,)
        connection.execute("select alter_job(%s, scheduled => false)", [job])
    paused = (await asked(timescale))["H04"]
    assert (paused.level, f"alter_job({job}, scheduled => true)" in paused.verdict.remedy) == (Level.CRIT, True)
    with hands(timescale) as connection:
        connection.execute(paused.verdict.remedy.encode())
    assert (await asked(timescale))["H04"].level is Level.OK


async def test_an_aggregate_that_fell_behind(timescale: Timescale) -> None:
    with hands(timescale) as connection:
        weeks = "now() - interval '10 weeks', now() - interval '7 weeks'"
        connection.execute(f"call refresh_continuous_aggregate('audit_logs_hourly', {weeks})".encode())
    late = (await asked(timescale))["H09"]
    assert (late.level, late.verdict.evidence.startswith("audit_logs_hourly is ")) == (Level.CRIT, True)
    with hands(timescale) as connection:
        connection.execute(WEEKLY.replace("weeks", "hours").encode())
        connection.execute("call refresh_continuous_aggregate('audit_logs_hourly', null, date_trunc('hour', now()))")
    assert (await asked(timescale))["H09"].level is Level.OK
