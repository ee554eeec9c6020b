"""An export is written down first, sees one moment, takes few locks, and leaves a marked part where it stops."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from console.db.database import Database
from console.db.session import Session
from console.errors import ConsoleError, Refused, UsageError
from console.services.audit.export import exporting
from console.services.audit.export.exporting import export
from console.services.audit.export.file import Places
from console.services.audit.export.models import Progress, Wanted
from console.services.audit.export.verifying import verify
from tests.migrate.working import ask
from tests.services.audit.logging import NOON, event, write
from tests.targets import target

SPAN = "since:2025-12-01 until:2026-03-14T12:00"
WHY = "the yearly look"
EVENTS = """
    select metadata ->> 'outcome', metadata ->> 'reason', metadata ->> 'rows', request_id
      from audit_logs where action = 'EXPORT' and created_at > '2026-03-15' order by created_at
"""


def left(folder: Path) -> dict[str, int]:
    """Files of the export that are there, and who may read them."""
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("log*")}


def wanted(folder: Path, query: str = SPAN) -> Wanted:
    return Wanted(query, "csv", folder / "log.csv", WHY)


async def test_it_is_written_down_before_and_after(log: str, tmp_path: Path) -> None:
    async with Database(target(log)) as db:
        written = await export(db, wanted(tmp_path))
    (begun, why, nothing, first), (complete, _, rows, second) = ask(log, EVENTS)
    assert (begun, why, nothing, complete, rows) == ("begun", WHY, None, "complete", "54")
    manifest = json.loads(written.manifest.read_text())
    assert {str(first), str(second)} == {manifest["request_id"]}
    assert manifest["rows"] == 54
    assert manifest["sha256"] == written.sha256
    assert manifest["reason"] == WHY
    assert left(tmp_path) == {"log.masked.csv": 0o600, "log.masked.csv.manifest.json": 0o600}


async def test_nothing_is_exported_that_cannot_be_written_down(log: str, tmp_path: Path) -> None:
    with psycopg.connect(log, autocommit=True) as connection:
        connection.execute("create role looker login password 'x'")
        try:
            connection.execute("grant select on audit_logs, users to looker")
            async with Database(target(log, user="looker", password="x")) as db:
                with pytest.raises(Refused):
                    await export(db, wanted(tmp_path))
        finally:
            connection.execute("drop owned by looker; drop role looker")
    assert left(tmp_path) == {}


async def test_it_writes_over_nothing(log: str, tmp_path: Path) -> None:
    (tmp_path / "log.masked.csv.partial").touch()
    async with Database(target(log)) as db:
        with pytest.raises(UsageError, match=r"writes over nothing"):
            await export(db, wanted(tmp_path))
    assert ask(log, EVENTS) == []


def test_a_name_that_says_otherwise() -> None:
    with pytest.raises(UsageError, match=r"no name for a file that is masked"):
        Places.named(Path("log.unmasked.csv"), True)


@pytest.mark.parametrize("name", ["..", "/dev", "/dev/null"])
def test_a_name_of_something_else(name: str) -> None:
    with pytest.raises(UsageError, match=r"is (a folder|no regular file)"):
        Places.named(Path(name), True)


@pytest.mark.parametrize(("masked", "why"), [(True, "because"), (False, "the yearly look")])
async def test_it_needs_a_reason(log: str, tmp_path: Path, masked: bool, why: str) -> None:
    async with Database(target(log)) as db:
        with pytest.raises(UsageError, match=r"[Rr]eason"):
            await export(db, Wanted(SPAN, "csv", tmp_path / "log.csv", why, masked))
    assert left(tmp_path) == {}


async def test_one_moment_and_few_locks(log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty weeks of partitions; rows that are inserted meanwhile are not in the file."""
    monkeypatch.setattr(exporting, "INTERVAL", 0)
    write(log, [event(NOON - timedelta(weeks=weeks)) for weeks in range(30)])
    locks: list[int] = []

    def hear(progress: Progress) -> None:
        if not locks:
            write(log, [event(NOON - timedelta(hours=1))])
        locks.extend(*onlooker.execute("select max(count) from (select count(*) from pg_locks group by pid) as t"))

    async with Database(target(log)) as db:
        with psycopg.connect(log, autocommit=True) as onlooker:
            written = await export(db, wanted(tmp_path, "since:all until:2026-03-14T12:00"), hear)
    assert written.rows == 54 + 30
    assert len(locks) >= 30
    assert max(locks) < 60


async def test_stopped_it_leaves_a_marked_part(log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "INTERVAL", 0)

    def stop(progress: Progress) -> None:
        if progress.rows > 10:
            task.cancel()

    async with Database(target(log)) as db:
        task = asyncio.ensure_future(export(db, wanted(tmp_path), stop))
        with pytest.raises(asyncio.CancelledError):
            await task
    part = tmp_path / "log.masked.csv.partial"
    verdict = verify(part, None)
    assert (verdict.complete, verdict.sha256_ok, verdict.rows_ok, verdict.ok) == (False, True, True, False)
    assert [outcome for outcome, *_ in ask(log, EVENTS)] == ["begun", "stopped"]
    assert not (tmp_path / "log.masked.csv").exists()


async def test_a_lost_connection_leaves_one_too(log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "INTERVAL", 0)

    def kill(progress: Progress) -> None:
        ask(log, "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%:export:%'")

    async with Database(target(log)) as db:
        with pytest.raises(Exception, match=r"connection|ended|terminat") as caught:
            await export(db, wanted(tmp_path), kill)
    assert "log.masked.csv.partial, which is marked as incomplete" in str(getattr(caught.value, "state", ""))
    assert [outcome for outcome, *_ in ask(log, EVENTS)] == ["begun", "failed"]


async def test_a_manifest_that_somebody_else_has_put_there(log: str, tmp_path: Path) -> None:
    theirs = tmp_path / "log.masked.csv.manifest.json"
    async with Database(target(log)) as db:
        with pytest.raises(ConsoleError, match=r"manifest\.json cannot be written") as caught:
            await export(db, wanted(tmp_path), lambda progress: theirs.write_text("theirs"))
    assert "54 rows are in" in caught.value.state
    assert theirs.read_text() == "theirs"
    assert set(left(tmp_path)) == {theirs.name, "log.masked.csv.partial", "log.masked.csv.partial.manifest.json"}


RUN = "import sys; from console.cli.main import run; sys.exit(run(sys.argv[1:]))"
LIMIT = 16_384


def test_a_full_disk(log: str, tmp_path: Path) -> None:
    def shrink() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    command = [sys.executable, "-c", RUN, "--dsn", log, "audit", "export", SPAN, "--output", str(tmp_path / "log.csv")]
    done = subprocess.run([*command, "--reason", WHY], capture_output=True, text=True, preexec_fn=shrink)
    assert done.returncode == 41, done.stderr
    assert "The disk is full" in done.stderr
    assert "log.masked.csv.partial, which is marked as incomplete" in done.stderr
    assert verify(tmp_path / "log.masked.csv.partial", None).sha256_ok
    assert [outcome for outcome, *_ in ask(log, EVENTS)] == ["begun", "failed"]


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from console.db.database import Database
from console.services.audit.export.exporting import export
from console.services.audit.export.models import Wanted
from tests.targets import target
async def main(dsn, output, query):
    async with Database(target(dsn)) as db:
        await export(db, Wanted(query, "csv", Path(output), "the yearly look"),
                     lambda progress: os.kill(os.getpid(), signal.SIGKILL))
asyncio.run(main(*sys.argv[1:]))
"""


def test_killed_half_way(log: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, log, str(tmp_path / "log.csv"), SPAN],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert done.returncode == -signal.SIGKILL
    assert left(tmp_path) == {"log.masked.csv.partial": 0o600}
    assert [outcome for outcome, *_ in ask(log, EVENTS)] == ["begun"]


async def test_a_stopped_copy_ends_its_session(pg18_database: str) -> None:
    async with await Session.open(target(pg18_database), "export") as session:
        rows = session.copy_out("copy (select generate_series(1, 1000000)) to stdout")
        assert (await anext(rows))[1].startswith(b"1\n2\n")
        await rows.aclose()
        assert session.closed
