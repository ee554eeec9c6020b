"""A backup of hypertables with compressed chunks, and its way back into another server.

This server is one session for everybody, so that nothing here proves what locks and snapshots prove elsewhere.
"""

from pathlib import Path

import pytest

from console.demo import binaries
from console.errors import ConsoleError, Exit
from console.migrate.backup.models import Progress
from tests.fixtures.timescale import Timescale
from tests.migrate.backup.making import back_up, follow, held, left, rows
from tests.migrate.working import ask, one

FILL = """insert into audit_logs (action, entity_type, entity_id, user_id, request_id, changes, created_at)
select 'VIEW', 'patient', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', t
  from generate_series(now() - interval '35 days', now(), interval '12 hours') t"""
COMPRESS = "select compress_chunk(c) from show_chunks('audit_logs', older_than => now() - interval '14 days') c"
REFRESH = "call refresh_continuous_aggregate('audit_logs_hourly', null, null)"
COMPRESSED = "select count(*) from timescaledb_information.chunks where is_compressed"
AGGREGATED = "select count(*), sum(event_count) from audit_logs_hourly"


async def test_a_write_while_it_is_dumped_makes_it_none(bare_timescale: Timescale, tmp_path: Path) -> None:
    ask(bare_timescale.dsn(), "create table public.written (id int)")
    heard: list[Progress] = []

    def write(progress: Progress) -> None:
        heard.append(progress)
        if progress.phase == "dumping" and heard[-2].phase == "counting":  # nobody is connected at that moment
            ask(bare_timescale.dsn(), "insert into public.written values (1)")

    with pytest.raises(ConsoleError, match=r"written to while it was dumped: public\.written has") as caught:
        await back_up(bare_timescale.dsn(), tmp_path, write)
    assert caught.value.exit == Exit.BACKUP_FAILED
    assert left(tmp_path) == []


async def test_every_row_comes_back(migrated_timescale: Timescale, bare_timescale: Timescale, tmp_path: Path) -> None:
    source, new = migrated_timescale.dsn(), bare_timescale.dsn()
    for statement in (FILL, COMPRESS, REFRESH):
        ask(source, statement)
    made = await back_up(source, tmp_path)
    assert made.manifest.consistent_by == "comparison"
    assert held(made)["public.audit_logs"] == one(source, "select count(*) from audit_logs") == 71
    assert any("_materialized_hypertable_" in table and count for table, count in held(made).items())
    assert not any("_hyper_" in table for table in held(made)), "chunks are counted with their hypertable"
    done = follow(made, new, binaries.embedded(), without="CREATE DATABASE")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["postgres holds what the backup held."]), (
        done.stderr
    )
    assert rows(new, list(held(made))) == held(made)
    assert one(new, COMPRESSED) == one(source, COMPRESSED) > 1
