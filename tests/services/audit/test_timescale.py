"""The same on hypertables: a walk, what it amounts to, one row closer, days without events."""

import pytest

from console.db.database import Database
from console.services.audit import closer, gaps, overview, search, walk
from console.services.audit.recording import Recorder
from console.services.audit.standing import Standing, standing
from tests.fixtures.timescale import Timescale
from tests.migrate.working import one
from tests.services.audit.logging import ago, event, ids, note, write

pytestmark = pytest.mark.usefixtures("home")
UNTIL = "since:all until:2026-03-14T12:00"


async def test_on_hypertables(migrated_timescale: Timescale) -> None:
    rows = [event(ago(days=n), emr_system="EPIC", emr_patient_id="TEST-000123", metadata=note(reason="Doe"))
            for n in range(60) if n not in (3, 20, 21, 22)]  # fmt: skip
    write(migrated_timescale.dsn(), rows)
    async with Database(migrated_timescale.target()) as db:
        assert await standing(db) == Standing(recorded=True)
        ready = await search.ready(db, UNTIL)
        page = await walk.page(db, ready, 100)
        _, bars = await overview.histogram(db, ready, 30)
        found = await closer.opened(db, Recorder(db), page.rows[0])
        assert found is not None
        clear = await closer.revealed(db, Recorder(db), found.whole, "complaint: letter of 12 May")
        parts = [part async for part in gaps.silent_days(db, ready)]
    assert ids(page.rows) == [row["id"] for row in rows]
    assert sum(bar.events for bar in bars) == len(rows)
    assert (found.whole.metadata, found.kept.why, clear.row.patient) == ({"reason": "***"}, "", "TEST-000123")
    silent = gaps.gaps([day for part in parts for day in part.silent])
    assert [(f"{gap.first:%m-%d}", gap.days) for gap in silent] == [("03-11", 1), ("02-20", 3)]
    assert one(migrated_timescale.dsn(), "select count(*) from audit_logs where action in ('VIEW', 'REVEAL') "
                                "and user_agent like 'emr-console/%'") == 2  # fmt: skip
