"""A database with pg_cron, which can be in one database of a server only: its backup comes back beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.server import Cluster
from tests.fixtures.availability import Missing
from tests.fixtures.running import private_folder, running
from tests.fixtures.servers import DEBIAN_15
from tests.migrate.backup.making import back_up, follow, held, rows
from tests.migrate.working import ask, one

CONTROL = Path("/usr/share/postgresql/15/extension/pg_cron.control")
SETTINGS = {"shared_preload_libraries": "pg_cron", "cron.launch_active_jobs": "off"}


@pytest.fixture
def scheduled(missing: Missing) -> Iterator[Cluster]:
    """A server whose database postgres has a table and a job."""
    if not CONTROL.exists():
        missing(f"pg_cron is not installed in {CONTROL.parent}")
    with private_folder() as folder, running(DEBIAN_15, folder, SETTINGS) as cluster:
        ask(cluster.dsn("postgres"), "create extension pg_cron; create table kept as select 1 as id")
        ask(cluster.dsn("postgres"), "select cron.schedule('nightly', '0 3 * * *', 'vacuum')")
        yield cluster


async def test_it_comes_back_without_the_jobs(scheduled: Cluster, tmp_path: Path) -> None:
    made = await back_up(scheduled.dsn("postgres"), tmp_path, trial=True)
    assert made.trial is not None
    assert made.trial.wrong == []
    assert "schedule the jobs again" in (made.directory / "RESTORE.md").read_text()
    done = follow(made, scheduled.dsn("restored"), scheduled.bindir)
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(scheduled.dsn("restored"), list(held(made))) == held(made) == {"public.kept": 1}
    assert one(scheduled.dsn("postgres"), "select count(*) from cron.job") == 1
