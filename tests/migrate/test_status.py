"""`migrate status`: truthful for whoever asks, and it creates nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.db.database import Database
from console.db.session import Session
from console.errors import Exit
from console.migrate.files import default_folder, read_folder
from console.migrate.reports import Status
from console.migrate.status import status
from tests.migrate.servers import on_both
from tests.migrate.working import ask, go_up, one, read_status, write, write_tables
from tests.targets import target

Visitor = Callable[[str], str]


@pytest.fixture
def visitor(pg18_database: str) -> Iterator[Visitor]:
    """Makes a role with the rights that a grant gives; answers its name."""
    name = f"visitor_{one(pg18_database, 'select current_database()')}"
    ask(pg18_database, f"create role {name} login password 'geheim'")

    def grant(rights: str) -> str:
        if rights:
            ask(pg18_database, f"grant {rights} to {name}")
        return name

    yield grant
    ask(pg18_database, f"drop owned by {name}")
    ask(pg18_database, f"drop role {name}")


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


async def test_who_and_when(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(database, tmp_path)
    found = await read_status(database, tmp_path)
    (row,) = found.rows
    assert row.applied_at is not None
    assert row.applied_at <= found.as_of
    assert row.operator is not None
    assert "@" in row.operator
    assert (row.batch, row.statements, found.batch) == (1, 2, 1)


@on_both
async def test_through_the_lanes_of_the_console(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(database, tmp_path)
    async with Database(target(database)) as db:
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
    pg18_database: str, tmp_path: Path, spoil: str, code: Exit
) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    ask(pg18_database, f"{spoil}; {BY_A_NEWER_CONSOLE}")
    assert (await read_status(pg18_database, tmp_path)).exit == code


@pytest.mark.parametrize("state", ["rollback_failed_partial", "a word from the future"])
async def test_what_is_half_done_blocks_up(pg18_database: str, tmp_path: Path, state: str) -> None:
    write_tables(tmp_path, "first", "second")
    await go_up(pg18_database, tmp_path, to="001")
    ask(pg18_database, f"update emr_console.migration set state = '{state}'; {BY_A_NEWER_CONSOLE}")
    with pytest.raises(Exception, match="001_first") as caught:
        await go_up(pg18_database, tmp_path)
    assert getattr(caught.value, "exit", None) == Exit.REFUSED


async def test_a_member_of_pg_monitor_may_read(pg18_database: str, tmp_path: Path, visitor: Visitor) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    found = await seen_by(visitor("pg_monitor"), pg18_database, tmp_path)
    assert [(row.state, row.batch) for row in found.rows] == [("applied", 1)]


async def test_without_rights_the_state_is_unknown(pg18_database: str, tmp_path: Path, visitor: Visitor) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    found = await seen_by(visitor(""), pg18_database, tmp_path)
    assert [row.state for row in found.rows] == ["unknown"]
    assert found.note is not None
    assert "42501" in found.note
    assert found.exit == Exit.FINDINGS


async def test_a_failed_file_that_is_gone(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select nothing")
    await go_up(pg18_database, tmp_path)
    for file in list(tmp_path.iterdir()):  # noqa: ASYNC240 - a test's own small folder
        file.unlink()
    assert [row.state for row in (await read_status(pg18_database, tmp_path)).rows] == ["failed_clean"]


async def test_where_nobody_may_see_sessions_the_rest_is_known(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    role = one(pg18_database, "select 'blind_' || current_database()")
    ask(pg18_database, f"create role {role} login password 'geheim' in role pg_monitor")
    ask(pg18_database, "revoke select on pg_stat_activity from public")
    try:
        found = await seen_by(role, pg18_database, tmp_path)
        assert [row.state for row in found.rows] == ["applied"]
        assert found.lock is None
        assert found.lock_note is not None
        assert "cannot be seen" in found.lock_note
    finally:
        ask(pg18_database, f"drop role {role}")
