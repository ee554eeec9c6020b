"""`migrate status`: truthful for whoever asks, and it creates nothing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.cli.target import reading
from console.db.database import LANES, Database
from console.db.session import Session
from console.errors import ConsoleError, Exit, LockTimeout
from console.migrate import lock
from console.migrate.files import default_folder, read_folder
from console.migrate.fingerprint.snapshot import schema_drift
from console.migrate.plan import requested
from console.migrate.reports import Status
from console.migrate.status import status
from tests.migrate.working import ask, go_up, one, read_status, write, write_tables
from tests.targets import target


@pytest.fixture
def visitor(with_first: str) -> Iterator[str]:
    """The name of a role without rights."""
    name = f"visitor_{one(with_first, 'select current_database()')}"
    ask(with_first, f"create role {name} login password 'geheim'")
    yield name
    ask(with_first, f"drop owned by {name}; drop role {name}")


async def seen_by(role: str, dsn: str, folder: Path) -> Status:
    """The status as another role sees it."""
    goal = target(dsn, user=role, password="geheim")
    async with await Session.open(goal, "query", read_only=True) as session:
        return await status(session, read_folder(folder))


async def test_an_empty_database(database: str) -> None:
    found = await read_status(database, default_folder())
    assert [(row.version, row.state, row.flavour) for row in found.rows[:5]] == [
        ("001", "pending", "any"),
        ("002", "pending", "any"),
        ("003", "pending", "any"),
        ("004", "pending", "any"),
        ("005", "pending", "plain"),
    ]
    assert (found.batch, found.lock, found.exit, found.flavour) == (None, None, Exit.OK, "plain")
    assert one(database, "select count(*) from pg_namespace where nspname = 'emr_console'") == 0


async def test_an_empty_folder(pg18_database: str, tmp_path: Path) -> None:
    assert (await read_status(pg18_database, tmp_path)).rows == []


async def test_who_and_when(with_first: str, tmp_path: Path) -> None:
    found = await read_status(with_first, tmp_path)
    (row,) = found.rows
    assert row.applied_at is not None
    assert row.applied_at <= found.as_of
    assert row.operator is not None
    assert "@" in row.operator
    assert (row.batch, row.statements, found.batch) == (1, 2, 1)


async def test_through_the_lanes_of_the_console(with_first: str, tmp_path: Path) -> None:
    async with Database(target(with_first)) as db:
        found = await status(db, read_folder(tmp_path))
    assert [row.state for row in found.rows] == ["applied"]


BY_A_NEWER_CONSOLE = "insert into emr_console.event (version, kind, operator) values ('001', 'a newer kind', 'ana')"
"""Its last event is one that does not contradict the row, whatever stands there."""


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("update emr_console.migration set state = 'in_doubt'", Exit.FINDINGS),
        ("update emr_console.migration set state = 'failed_partial'", Exit.FINDINGS),
        ("update emr_console.migration set state = 'a word from the future'", Exit.FINDINGS),
        ("update emr_console.migration set up_sha256 = 'x', up_tokens_sha256 = 'x'", Exit.FINDINGS),
        ("update emr_console.migration set up_sha256 = 'x'", Exit.OK),
    ],
)
async def test_the_exit_code_tells_what_needs_attention(
    with_first: str, tmp_path: Path, spoil: str, code: Exit
) -> None:
    ask(with_first, f"{spoil}; {BY_A_NEWER_CONSOLE}")
    assert (await read_status(with_first, tmp_path)).exit == code


@pytest.mark.parametrize("state", ["rollback_failed_partial", "a word from the future"])
async def test_what_is_half_done_blocks_up(with_first: str, tmp_path: Path, state: str) -> None:
    write_tables(tmp_path, "first", "second")
    ask(with_first, f"update emr_console.migration set state = '{state}'; {BY_A_NEWER_CONSOLE}")
    with pytest.raises(Exception, match="001_first") as caught:
        await go_up(with_first, tmp_path)
    assert getattr(caught.value, "exit", None) == Exit.REFUSED


async def test_without_rights_the_state_is_unknown(with_first: str, tmp_path: Path, visitor: str) -> None:
    found = await seen_by(visitor, with_first, tmp_path)
    assert [row.state for row in found.rows] == ["unknown"]
    assert found.note is not None
    assert "42501" in found.note
    assert found.exit == Exit.FINDINGS
    ask(with_first, f"grant pg_monitor to {visitor}")
    found = await seen_by(visitor, with_first, tmp_path)
    assert [(row.state, row.batch) for row in found.rows] == [("applied", 1)]


async def test_a_failed_file_that_is_gone(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select nothing")
    await go_up(pg18_database, tmp_path)
    for file in list(tmp_path.iterdir()):  # noqa: ASYNC240 - a test's own small folder
        file.unlink()
    assert [row.state for row in (await read_status(pg18_database, tmp_path)).rows] == ["failed_clean"]


async def test_where_nobody_may_see_sessions_the_rest_is_known(with_first: str, tmp_path: Path, visitor: str) -> None:
    ask(with_first, f"grant pg_monitor to {visitor}; revoke select on pg_stat_activity from public")
    found = await seen_by(visitor, with_first, tmp_path)
    assert [row.state for row in found.rows] == ["applied"]
    assert found.lock is None
    assert found.lock_note is not None
    assert "cannot be seen" in found.lock_note


async def test_a_table_that_is_locked_keeps_neither_status_nor_plan_silent(
    with_first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexes and views are not told while somebody has their table for himself, as a migration has."""
    write_tables(tmp_path, "first", "second")
    ask(with_first, "create index on first (id)")
    monkeypatch.setitem(requested._PATIENCE, "lock_timeout", "50")
    monkeypatch.setitem(LANES["query"], "lock_timeout", "50")
    async with await reading(target(with_first)) as session:
        with psycopg.connect(with_first, application_name="night job") as other:
            other.execute("lock table first in access exclusive mode")
            found = await schema_drift(session)
            with pytest.raises(LockTimeout, match=r"; in the way: session \d+ \(postgres night job, idle") as held:
                await requested.planned(target(with_first), read_folder(tmp_path), requested.Wanted())
            assert held.value.state == "Nothing was changed."
            other.execute("select pg_advisory_lock(%(space)s, %(key)s)", lock.KEY)
            with pytest.raises(ConsoleError, match="runs the migration engine here") as runs:
                await requested.planned(target(with_first), read_folder(tmp_path), requested.Wanted())
            assert runs.value.exit == Exit.LOCKED
            assert (await status(session, read_folder(tmp_path))).exit == Exit.LOCKED
        assert found.sentence().startswith("Whether the schema was changed by others is not known. ")
        assert found.as_json() is not None
        assert (await schema_drift(session)).sentence().startswith("The schema was changed by others since 20")
