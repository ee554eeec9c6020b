"""A backup of hypertables with compressed chunks, and its way back into another server.

This server is one session for everybody, so that nothing here proves what locks and snapshots prove elsewhere.
"""

from pathlib import Path

import pytest

from console.demo import binaries
from console.errors import ConsoleError, Exit
from console.migrate.backup.models import Progress
from console.migrate.files import default_folder
from tests.fixtures.timescale import Timescale
from tests.migrate.backup.making import back_up, follow, held, left, rows
from tests.migrate.working import ask, go_up, one

FILL = """insert into audit_logs (action, entity_type, entity_id, user_id, request_id, changes, created_at)
select 'VIEW', 'patient', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', t
  from generate_series(now() - interval '90 days', now(), interval '3 hours') t"""
COMPRESS = "select compress_chunk(c) from show_chunks('audit_logs', older_than => now() - interval '14 days') c"
REFRESH = "call refresh_continuous_aggregate('audit_logs_hourly', null, null)"
COMPRESSED = "select count(*) from timescaledb_information.chunks where is_compressed"
AGGREGATED = "select count(*), sum(event_count) from audit_logs_hourly"


async def test_every_row_comes_back(timescale: Timescale, second_timescale: Timescale, tmp_path: Path) -> None:
    await go_up(timescale.dsn(), default_folder(), flavour="timescale")
    for statement in (FILL, COMPRESS, REFRESH):
        ask(timescale.dsn(), statement)
    made = await back_up(timescale.dsn(), tmp_path)
    assert made.manifest.consistent_by == "comparison"
    assert held(made)["public.audit_logs"] == one(timescale.dsn(), "select count(*) from audit_logs") == 721
    assert any("_materialized_hypertable_" in table and count for table, count in held(made).items())
    assert not any("_hyper_" in table for table in held(made)), "chunks are counted with their hypertable"
    done = follow(made, second_timescale.dsn(), binaries.embedded(), without="CREATE DATABASE")
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["postgres holds what the backup held."]), (
        done.stderr
    )
    assert rows(second_timescale.dsn(), list(held(made))) == held(made)
    compressed = one(timescale.dsn(), COMPRESSED)
    assert compressed > 5
    assert one(second_timescale.dsn(), COMPRESSED) == compressed


async def test_a_write_while_it_is_dumped_makes_it_none(timescale: Timescale, tmp_path: Path) -> None:
    ask(timescale.dsn(), "create table public.written (id int)")
    heard: list[Progress] = []

    def write(progress: Progress) -> None:
        heard.append(progress)
        if progress.phase == "dumping" and heard[-2].phase == "counting":  # nobody is connected at that moment
            ask(timescale.dsn(), "insert into public.written values (1)")

    with pytest.raises(ConsoleError, match=r"written to while it was dumped: public\.written has") as caught:
        await back_up(timescale.dsn(), tmp_path, write)
    assert caught.value.exit == Exit.BACKUP_FAILED
    assert left(tmp_path) == []
