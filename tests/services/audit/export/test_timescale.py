"""Chunks, compressed ones too, are exported from one snapshot on a server that is one session for all clients."""

import csv
import io
from pathlib import Path

from console.db.database import Database
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Wanted
from tests.fixtures.timescale import Timescale
from tests.migrate.working import ask
from tests.services.audit.logging import NOON, ago, event, write
from tests.targets import target


async def test_chunks(migrated_timescale: Timescale, tmp_path: Path) -> None:
    dsn = migrated_timescale.dsn()
    write(dsn, [event(ago(hours=9 * n), metadata='{"outcome": "SUCCESS"}') for n in range(300)])
    ask(
        migrated_timescale.dsn(),
        "select compress_chunk(c) from show_chunks('audit_logs', older_than => %s) c",
        ago(weeks=6),
    )
    async with Database(target(migrated_timescale.dsn())) as db:
        found = Wanted("since:all until:2026-03-14T12:00", "csv", tmp_path / "log.csv", "the yearly look")
        written = await export(db, found)
        assert (await db.server()).single_session
    rows = list(csv.DictReader(io.StringIO(written.path.read_text("utf-8"))))
    plain = "select id::text from audit_logs where created_at <= %s order by created_at, id"
    assert [row["id"] for row in rows] == [id_ for (id_,) in ask(dsn, plain, NOON)]
    assert len(rows) == written.rows == 300
