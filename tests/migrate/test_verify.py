"""`migrate verify`: is the schema what the migrations say, by their files or by the ledger's texts."""

from pathlib import Path

from console.db.session import Session
from console.migrate.files import default_folder, read_folder
from console.migrate.reports import Check
from console.migrate.verify import verify_applied
from tests.migrate.test_knex import KNEX
from tests.migrate.working import ask, go_up, remove, write_tables
from tests.targets import target


async def checks(dsn: str, folder: Path) -> list[Check]:
    """Every check of every applied migration."""
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        return await verify_applied(session, read_folder(folder))


async def test_our_own_migrations_hold(database: str) -> None:
    nothing = Check("0", "a migration is applied", ok=False, expected="at least one", found="none")
    assert await checks(database, default_folder()) == [nothing]
    await go_up(database, default_folder(), flavour="plain")
    found = await checks(database, default_folder())
    assert {check.id.partition(".")[0] for check in found} == {"001", "002", "003", "004", "005"}
    assert [check for check in found if not check.ok] == []


async def test_a_hole_is_found(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    await go_up(pg18_database, tmp_path, to="002")
    ask(pg18_database, "truncate first")
    ask(pg18_database, "drop table second")
    first, second = await checks(pg18_database, tmp_path)
    assert first == Check("001.1", "first has a row", ok=False)
    assert (second.id, second.ok) == ("002.0", False)
    assert "42P01" in str(second.found)


async def test_without_its_file_the_stored_text_asks(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    remove(tmp_path, "001_first")
    assert await checks(pg18_database, tmp_path) == [Check("001.1", "first has a row", ok=True)]


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
