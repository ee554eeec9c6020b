"""Somebody has tables locked exclusively, as while they are rewritten: every pane has an answer all the same."""

import psycopg

from console.db.database import Database
from console.recorded import RECORDED
from tests.migrate.servers import on_both
from tests.targets import target

LOCKED = "audit_logs, audit_log_details, patients"


@on_both
async def test_every_pane_has_an_answer(migrated: str) -> None:
    with psycopg.connect(migrated) as holder:
        holder.execute("lock table " + LOCKED)
        async with Database(target(migrated)) as db:
            for pane in RECORDED:
                assert pane.packed(await pane.opened(db)()), pane.name
