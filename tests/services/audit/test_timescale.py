"""Audit on a real TimescaleDB, compressed and not: seals, a walk, one row closer, days without events, an export."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.db.database import LANES, Database
from console.db.session import Session
from console.errors import Refused
from console.services.audit import closer, gaps, overview, search, walk
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Wanted
from console.services.audit.recording import Access, Recorder
from console.services.audit.sealing import service, verifying
from console.services.audit.sealing.verifying import Verified
from console.services.audit.standing import Standing, standing
from tests.fixtures.timescale import Timescale
from tests.migrate.working import ask, one
from tests.services.audit.logging import NOON, ago, event, ids, note, write

pytestmark = pytest.mark.usefixtures("home")
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
UNTIL = "since:all until:2026-03-14T12:00"


def found(result: Verified) -> list[str]:
    return [f"{each.table} {each.day} {each.state}" for each in result.findings]


async def test_a_seal_outlives_compression(migrated_timescale: Timescale) -> None:
    """Two weeks of rows; this is the first test, since every day from the first row on is sealed."""
    ask(migrated_timescale.dsn(), ROWS)
    ask(migrated_timescale.dsn(), DETAILS)
    settings = LANES["act"] | service.SETTINGS
    async with await Session.open(migrated_timescale.target(), "act", settings=settings) as act:
        done, kept = await service.seal(act)
        assert kept.place == "emr_console.event"
        assert all(each.days > 10 for each in done)
        assert found(await verifying.verify(act)) == []
        assert (await act.rows(COMPRESS))[1]
        assert found(await verifying.verify(act)) == []
        late = (TODAY - timedelta(days=9)).date()
        await act.execute(
            "insert into public.audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at)"
            f" values ('TEST', 'TEST', gen_random_uuid(), gen_random_uuid(), '{{}}', gen_random_uuid(), '{late}')"
        )
        assert found(await verifying.verify(act)) == [f"audit_logs {late} late"]
        await act.rows(RECOMPRESS)
        assert found(await verifying.verify(act)) == [f"audit_logs {late} late"]
    settings = LANES["query"] | service.SETTINGS
    async with await Session.open(migrated_timescale.target(), "query", settings=settings, read_only=True) as reading:
        assert (await verifying.verify(reading)).chains[0].rows > 50


async def test_a_walk_and_one_row_closer(migrated_timescale: Timescale) -> None:
    rows = [event(ago(days=n), emr_system="EPIC", emr_patient_id="TEST-000123", metadata=note(reason="Doe"))
            for n in range(60) if n not in (3, 20, 21, 22)]  # fmt: skip
    write(migrated_timescale.dsn(), rows)
    async with Database(migrated_timescale.target()) as db:
        assert await standing(db) == Standing(recorded=True)
        ready = await search.ready(db, UNTIL)
        page = await walk.page(db, ready, 100)
        _, bars = await overview.histogram(db, ready, 30)
        opened = await closer.opened(db, Recorder(db), page.rows[0])
        assert opened is not None
        clear = await closer.revealed(db, Recorder(db), opened.whole, "complaint: letter of 12 May")
        parts = [part async for part in gaps.silent_days(db, ready)]
    assert ids(page.rows) == [row["id"] for row in rows]
    assert sum(bar.events for bar in bars) == len(rows)
    assert (opened.whole.metadata, opened.kept.why, clear.row.patient) == ({"reason": "***"}, "", "TEST-000123")
    silent = gaps.gaps([day for part in parts for day in part.silent])
    assert [(f"{gap.first:%m-%d}", gap.days) for gap in silent] == [("03-11", 1), ("02-20", 3)]
    assert one(migrated_timescale.dsn(), "select count(*) from audit_logs where action in ('VIEW', 'REVEAL') "
                                "and user_agent like 'emr-console/%'") == 2  # fmt: skip


async def test_compressed_rows_are_exported_too(migrated_timescale: Timescale, tmp_path: Path) -> None:
    """From one snapshot, on a server that is one session for all clients."""
    dsn = migrated_timescale.dsn()
    write(dsn, [event(ago(hours=18 * n), metadata='{"outcome": "SUCCESS"}') for n in range(100)])
    ask(dsn, "select compress_chunk(c) from show_chunks('audit_logs', older_than => %s) c", ago(weeks=6))
    async with Database(migrated_timescale.target()) as db:
        written = await export(db, Wanted(UNTIL, "csv", tmp_path / "log.csv", "the yearly look"))
        assert (await db.server()).single_session
    exported = list(csv.DictReader(io.StringIO(written.path.read_text("utf-8"))))
    plain = "select id::text from audit_logs where created_at <= %s order by created_at, id"
    assert [row["id"] for row in exported] == [id_ for (id_,) in ask(dsn, plain, NOON)]
    assert len(exported) == written.rows >= 100


async def test_where_nothing_can_be_written_down_nothing_is_shown(migrated_timescale: Timescale) -> None:
    """The only connection is closed for the moment of writing."""
    ask(migrated_timescale.dsn(), "alter table audit_logs rename to audit_logs_away")
    try:
        async with Database(migrated_timescale.target()) as db:
            await db.server()
            with pytest.raises(Refused):
                await Recorder(db).record(Access("SEARCH"))
            assert (await db.server()).single_session
    finally:
        ask(migrated_timescale.dsn(), "alter table audit_logs_away rename to audit_logs")
