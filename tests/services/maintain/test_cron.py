"""What pg_cron does of maintain: scheduled once however often it is asked for, each command whole, taken back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.fixtures.availability import Missing
from tests.fixtures.databases import migrate
from tests.fixtures.running import private_folder, running
from tests.fixtures.servers import DEBIAN_15
from tests.migrate.working import ask, one
from tests.services.maintain.working import gaps, spare, write

CONTROL = Path("/usr/share/postgresql/15/extension/pg_cron.control")
SETTINGS = {"shared_preload_libraries": "pg_cron", "cron.launch_active_jobs": "off"}


@pytest.fixture(scope="module")
def scheduled(missing: Missing) -> Iterator[str]:
    """The DSN of a database with 001-005 and pg_cron."""
    if not CONTROL.exists():
        missing(f"pg_cron is not installed in {CONTROL.parent}")
    with private_folder() as folder, running(DEBIAN_15, folder, SETTINGS) as cluster:
        migrate(cluster.target("postgres"))
        ask(cluster.dsn("postgres"), "create extension pg_cron")
        yield cluster.dsn("postgres")


def test_scheduled_and_taken_back(scheduled: str, capsys: pytest.CaptureFixture[str], home: object) -> None:
    def maintain(*words: str) -> list[dict[str, object]]:
        assert run(["--dsn", scheduled, "maintain", "--json", *words]) == 0
        rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)["rows"]
        return rows

    maintain("--schedule")
    jobs = maintain("--schedule")
    assert one(scheduled, "select count(*) from cron.job") == len(jobs) == 7
    assert {str(job["name"]).split()[2] for job in jobs} == {"weeks", "partitions", "refresh"}

    write(scheduled, [-400])
    for (command,) in ask(scheduled, "select command from cron.job"):
        ask(scheduled, command)  # as pg_cron does: one simple query each
    assert (gaps(scheduled), spare(scheduled)) == (0, [0, 0])
    assert one(scheduled, "select sum(event_count) from audit_logs_hourly") == 1

    assert len(maintain("--unschedule")) == 7
    assert maintain("--unschedule") == []
    assert one(scheduled, "select count(*) from cron.job") == 0


def test_without_pg_cron_it_is_refused(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", pg18_migrated, "maintain", "--schedule"]) == Exit.UNSUPPORTED
    assert "pg_cron is not installed in this database" in capsys.readouterr().err
