"""Seals on a real TimescaleDB: what is compressed is sealed as what is not."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from console.db.database import LANES
from console.db.session import Session
from console.services.audit.sealing import service, verifying
from console.services.audit.sealing.verifying import Verified
from tests.fixtures.timescale import Timescale

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
ROWS = """
insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at, metadata, user_agent)
select 'TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{"a": [1.0, null]}', gen_random_uuid(),
       date_trunc('day', now(), 'UTC') - h * interval '5 hours', nullif(jsonb_build_object('n', h), '{"n": 3}'),
       'ü"' || h
from generate_series(0, 80) h
"""
DETAILS = """
insert into audit_log_details (audit_log_id, audit_log_created_at, new_state, created_at, performance_metrics)
select id, created_at, changes, created_at, array[changes, null] from audit_logs
"""
COMPRESS = "select compress_chunk(c, true) from show_chunks('audit_logs', older_than => now() - interval '1 day') c"
RECOMPRESS = "select compress_chunk(decompress_chunk(c)) from show_chunks('audit_logs', older_than => now()) c"


@pytest.fixture(scope="module")
def hospital(migrated_timescale: Timescale) -> Timescale:
    """001-005 with two weeks of audit rows."""
    with psycopg.connect(migrated_timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute(ROWS)
        connection.execute(DETAILS)
    return migrated_timescale


@pytest.fixture
async def act(hospital: Timescale, home: object) -> AsyncIterator[Session]:
    settings = LANES["act"] | service.SETTINGS
    async with await Session.open(hospital.target(), "act", settings=settings) as session:
        yield session


def found(result: Verified) -> list[str]:
    return [f"{each.table} {each.day} {each.state}" for each in result.findings]


async def test_a_seal_outlives_compression(act: Session) -> None:
    done, kept = await service.seal(act)
    assert kept.place == "emr_console.event"
    assert all(each.days > 10 for each in done)
    assert found(await verifying.verify(act)) == []
    assert (await act.rows(COMPRESS))[1]
    assert found(await verifying.verify(act)) == []
    late = (TODAY - timedelta(days=9)).date()
    await act.execute(
        "insert into public.audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at) "
        f"values ('TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{{}}', gen_random_uuid(), '{late} 12:00+00')"
    )
    assert found(await verifying.verify(act)) == [f"audit_logs {late} late"]
    await act.rows(RECOMPRESS)
    assert found(await verifying.verify(act)) == [f"audit_logs {late} late"]


async def test_a_session_that_only_reads_can_verify(hospital: Timescale) -> None:
    settings = LANES["query"] | service.SETTINGS
    async with await Session.open(hospital.target(), "query", settings=settings, read_only=True) as session:
        assert (await verifying.verify(session)).chains[0].rows > 50
