"""The backfill and the manual migrations beside hypertables, on a server that is one session for everybody."""

from pathlib import Path

import psycopg
import pytest

from console.db.session import Session
from console.errors import Unsupported
from console.services.patients import importing
from tests.fixtures.timescale import Timescale
from tests.schema.ladder import Ladder
from tests.services.backfill.working import WRONG, fill, furnish


@pytest.fixture
def ward(migrated_timescale: Timescale) -> str:
    with psycopg.connect(migrated_timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        furnish(connection)
    return migrated_timescale.dsn()


async def test_it_fills_and_the_schema_goes_on(ward: str) -> None:
    counts = await fill(ward, batch=7)
    assert (counts.matched, counts.remaining, counts.batches) == (100, 0, 15)
    with psycopg.connect(ward, autocommit=True, prepare_threshold=None) as connection:
        ladder = Ladder(connection, ward, "timescale")
        assert ladder.value(WRONG) == 0
        ladder.up("006", "007")
        ladder.down("007", "006")
        assert ladder.value(WRONG) == 0
        assert ladder.value("select count(*) from audit_logs where entity_type = 'TASK'") == 2


async def test_without_copy_no_file_is_read(migrated_timescale: Timescale) -> None:
    async with await Session.open(migrated_timescale.target(), "test") as session:
        with pytest.raises(Unsupported, match="takes no COPY"):
            await importing.examine(session, Path("patients.csv"), "csv")
