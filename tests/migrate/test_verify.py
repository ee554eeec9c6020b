"""`migrate verify`: is the schema what the migrations say, by their files or by the ledger's texts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.db.identifiers import quote
from console.db.session import Session
from console.demo.server import Cluster
from console.errors import Exit
from console.migrate.files import default_folder, read_folder
from console.migrate.reports import Check
from console.migrate.verify import verify_applied
from tests.migrate.servers import applied
from tests.migrate.test_knex import KNEX
from tests.migrate.working import ask, go_up, one, remove, tables, write, write_tables
from tests.targets import target


async def checks(dsn: str, folder: Path, role: str | None = None) -> list[Check]:
    """Every check of every applied migration, asked by a role of the password geheim where one is named."""
    goal = target(dsn, user=role, password="geheim") if role else target(dsn)
    async with await Session.open(goal, "query", read_only=True) as session:
        return await verify_applied(session, read_folder(folder))


async def test_nothing_applied_is_nothing_proved(pg18_database: str) -> None:
    nothing = Check("0", "a migration is applied", ok=False, expected="at least one", found="none")
    assert await checks(pg18_database, default_folder()) == [nothing]


async def test_a_hole_is_found(with_second: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    ask(with_second, "truncate first")
    ask(with_second, "drop table second")
    first, second = await checks(with_second, tmp_path)
    assert first == Check("001.1", "first has a row", ok=False)
    assert (second.id, second.ok) == ("002.1", False)
    assert second.name == "what 002_second.verify.sql asks in line 1"
    assert "42P01" in str(second.found)


WRITES = {
    "a row": "with more as (insert into first values (7) returning id) select 'a' as name, true as ok from more",
    "a function's row": "select 'a' as name, sneak() as ok",
    "a number": "select 'a' as name, nextval('numbers') > 0 as ok",
    "read-write again": "select 'a' as name, set_config('transaction_read_only', 'off', false) is not null as ok;\n"
    "select 'b' as name, sneak() as ok",
    "read-write from now on": "select 'a' as name, set_config('default_transaction_read_only', 'off', false) = 'off'"
    " as ok;\nselect 'b' as name, sneak() as ok",
}
APART = ("a function's row", "read-write from now on")
"""Those that are tried by default also where the check has a transaction of its own."""
SNEAK = """create sequence numbers;
create function sneak() returns boolean language plpgsql as 'begin insert into first values (7); return true; end'
"""


@pytest.fixture
def sneaky(tmp_path: Path) -> Path:
    """A table with a row, and what a check could write with."""
    write_tables(tmp_path, "first")
    write(tmp_path, "002_sneak", up=SNEAK)
    return tmp_path


@pytest.fixture
def database(cluster: Cluster, sneaky: Path) -> Iterator[str]:
    """A database with these."""
    with applied(cluster, sneaky) as dsn:
        yield dsn


@pytest.mark.parametrize(
    ("transaction", "writes"),
    [
        *(pytest.param("on", writes, id=f"on-{name}") for name, writes in WRITES.items()),
        *(
            pytest.param("off", writes, id=f"off-{name}", marks=() if name in APART else pytest.mark.long)
            for name, writes in WRITES.items()
        ),
    ],
)
async def test_a_check_that_writes_is_refused(database: str, sneaky: Path, writes: str, transaction: str) -> None:
    write(sneaky, "003_check", up=f"-- emr: transaction = {transaction}\ncreate table third (id int)", verify=writes)
    result = await go_up(database, sneaky)
    assert (result.done, result.exit) == ([], Exit.VERIFY_FAILED)
    assert result.failed is not None
    assert result.failed.sqlstate in ("25006", "25001")
    assert tables(database) == (["first"] if transaction == "on" else ["first", "third"])
    assert untouched(database)


async def test_asking_again_writes_nothing(database: str, sneaky: Path) -> None:
    for writes in WRITES.values():
        (sneaky / "002_sneak.verify.sql").write_text(writes)
        first, *_, last = await checks(database, sneaky)
        assert (first.ok, last.ok) == (True, False)
        assert untouched(database)


def untouched(dsn: str) -> bool:
    """Whether no check has left anything."""
    return ask(dsn, "select count(*), (select is_called from numbers) from first") == [(1, False)]


async def test_without_its_file_the_stored_text_asks(with_first: str, tmp_path: Path) -> None:
    remove(tmp_path, "001_first")
    assert await checks(with_first, tmp_path) == [Check("001.1", "first has a row", ok=True)]


async def test_what_only_knex_applied_has_to_be_adopted(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    ask(pg18_database, f"{KNEX}; insert into knex_migrations (name, batch) values ('001_first.ts', 1)")
    (found,) = await checks(pg18_database, tmp_path)
    assert not found.ok
    assert found.name == "the ledger knows what knex has applied"
    assert found.found == "001_first in knex_migrations only, to be adopted first"
    assert "Adopt" in str(found.remedy)


async def test_what_knex_applied_since_is_said_beside_the_checks(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    ask(pg18_database, KNEX)
    await go_up(pg18_database, tmp_path, to="001")
    ask(pg18_database, "insert into knex_migrations (name, batch) values ('002_second.ts', 2)")
    assert [(check.id, check.ok) for check in await checks(pg18_database, tmp_path)] == [("0", False), ("001.1", True)]


@pytest.fixture
def watcher(migrated: str) -> Iterator[str]:
    """A role that may watch the server and read no row."""
    role = f"watcher_{one(migrated, 'select current_database()')}"
    ask(migrated, f"create role {role} login password 'geheim' in role pg_monitor")
    yield role
    ask(migrated, f"drop owned by {role}; drop role {role}")


async def test_what_may_not_be_asked_is_told_apart_from_what_is_false(migrated: str, watcher: str) -> None:
    wrong = [check for check in await checks(migrated, default_folder(), watcher) if not check.ok]
    hidden = ("audit_logs_default", "audit_log_details_default")
    assert [(check.expected, check.found, check.remedy) for check in wrong] == [
        (
            "an answer",
            f"not checked: {watcher} has no right to read {table}",
            f"GRANT SELECT ON {table} TO {quote(watcher)};",
        )
        for table in hidden
    ]
    assert all(check.name.startswith("what 005_add_timescaledb.plain.verify.sql asks in line ") for check in wrong)
    for number, check in enumerate(wrong, 1):
        ask(migrated, str(check.remedy))
        assert [each for each in await checks(migrated, default_folder(), watcher) if not each.ok] == wrong[number:]


async def test_a_function_that_may_not_be_called(with_first: str, tmp_path: Path) -> None:
    role = f"caller_{one(with_first, 'select current_database()')}"
    ask(with_first, f"create role {role} login password 'geheim' in role pg_monitor, pg_read_all_data")
    try:
        (tmp_path / "001_first.verify.sql").write_text("select 'a' as name, pg_ls_dir('.') is not null as ok")
        (found,) = await checks(with_first, tmp_path, role)
        assert (found.ok, found.found) == (False, f"not checked: {role} may not ask it")
        assert "42501" in str(found.remedy)
    finally:
        ask(with_first, f"drop role {role}")
