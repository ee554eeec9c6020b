"""The engine on TimescaleDB, which here is one backend for all: its flavour, and the whole way up and down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.db.session import Session
from console.migrate.files import default_folder, read_folder
from console.migrate.standing import read_standing
from tests.fixtures.running import complete
from tests.fixtures.timescale import Timescale
from tests.migrate.test_verify import checks
from tests.migrate.working import read_status
from tests.schema.ladder import AUDIT, VERSIONS, Ladder
from tests.schema.test_timescale import compress


@contextmanager
def opened(timescale: Timescale) -> Iterator[Ladder]:
    """The database for a moment: while the engine runs there must be no other connection."""
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        yield Ladder(connection, timescale.dsn(), "timescale")


def test_our_own_migrations_and_every_audit_row_down_and_up_compressed(
    migrated_timescale: Timescale, home: object, capsys: pytest.CaptureFixture[str]
) -> None:
    def migrate(*words: str) -> dict[str, Any]:
        """The last object that `emr-console migrate` prints when all goes well."""
        assert run(["--dsn", migrated_timescale.dsn(), "migrate", *words, "--json"]) == 0
        last: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return last

    status = complete(read_status(migrated_timescale.dsn(), default_folder()))
    assert (status.flavour, status.lock) == ("timescale", None)
    assert [(row.flavour, row.state) for row in status.rows[:5]] == [("any", "applied")] * 4 + [
        ("timescale", "applied")
    ]
    assert [check for check in complete(checks(migrated_timescale.dsn(), default_folder())) if not check.ok] == []
    assert migrate("up", "--yes")["done"] == []
    with opened(migrated_timescale) as ladder:
        ladder.fill(*VERSIONS)
        compress(ladder)
        rows = ladder.content(*AUDIT)
        database = ladder.value("select current_database()")
    plan = migrate("plan", "down", "--to", "003")
    lost = {loss["object"]: loss for row in plan["rows"] for loss in row["loss"]}
    with opened(migrated_timescale) as ladder:
        for table in ("patients", "handover_items", "audit_logs_hourly", "audit_logs_daily"):
            assert lost[table]["rows"] == ladder.value(f"select count(*) from {table}")
        assert lost["tasks.patient_uuid"]["rows"] == ladder.value("select count(patient_uuid) from tasks")
    assert not {"audit_logs", "audit_log_details"} & set(lost)
    assert plan["held"] > 0
    down = migrate("down", "--all", "--confirm", database, "--reason", "for a test")
    assert down["done"] == [*reversed(VERSIONS)]
    with opened(migrated_timescale) as ladder:
        assert len(ladder.backups()) == 2
    # Here it is available without being preloaded, which on other servers would not do.
    assert migrate("up", "--yes", "--flavour", "timescale")["done"] == [*VERSIONS]
    assert migrate("verify")["ok"] is True
    with opened(migrated_timescale) as ladder:
        assert ladder.content(*AUDIT) == rows
        assert ladder.backups() == []


async def test_an_extension_that_came_or_went_is_seen_at_once(migrated_timescale: Timescale) -> None:
    folder = read_folder(default_folder())
    async with await Session.open(migrated_timescale.target(), "test") as session:
        assert (await read_standing(session, folder)).timescaledb.installed
        await session.execute("drop extension timescaledb cascade")
        assert (await read_standing(session, folder)).timescaledb.installed is None
