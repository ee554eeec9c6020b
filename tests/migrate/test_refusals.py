"""What stands in the way of `up`: each obstacle with its sentence, its exit code, and nothing changed."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from console.db.server import Server
from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, ReadOnlyServer, Unsupported
from console.migrate.files import read_folder
from console.migrate.models import Presence
from console.migrate.requirements import require_scripts, require_server
from console.migrate.server_models import TimescaleDB
from console.migrate.standing import Books, Standing
from tests.db.standby import following
from tests.fixtures.running import private_folder
from tests.migrate.working import ask, go_up, one, remove, row, states, tables, write, write_tables


async def test_an_unknown_target(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    for unknown in ("004", "002_frist", "second", "-1", "002_second.sql"):
        with pytest.raises(ConsoleError, match=f"There is no migration {unknown}") as caught:
            await go_up(database, tmp_path, to=unknown)
        assert caught.value.exit == Exit.USAGE
    assert tables(database) == []


async def test_a_changed_up(with_first: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    (tmp_path / "001_first.up.sql").write_text("create table first (id bigint); insert into first values (1)")
    assert (await row(with_first, tmp_path, "001")).drift == "up"
    with pytest.raises(ConsoleError, match="Changed after it had been applied here: 001_first") as caught:
        await go_up(with_first, tmp_path)
    assert caught.value.exit == Exit.FILE_CHANGED


async def test_what_may_be_changed(with_first: str, tmp_path: Path) -> None:
    for part, text, drift in (
        ("verify", "select 'other' as name, true as ok", None),
        ("up", "-- why\ncreate table first (id int) ; insert into first values (1);", "cosmetic"),
        ("up", "create table first (id int);\ninsert into first values (1);\n", None),
        ("down", "-- why\ndrop table first", "cosmetic"),
        ("down", "drop table first cascade", "down"),
    ):
        (tmp_path / f"001_first.{part}.sql").write_text(text)
        assert (await row(with_first, tmp_path, "001")).drift == drift
    (tmp_path / "001_first.up.sql").write_text("-- why\ncreate table first (id int); insert into first values (1)")
    write(tmp_path, "002_second", up="select 1")
    assert (await go_up(with_first, tmp_path)).done == ["002"]


async def test_a_renamed_file_is_another(with_first: str, tmp_path: Path) -> None:
    for part in ("up", "down", "verify"):
        (tmp_path / f"001_first.{part}.sql").rename(tmp_path / f"001_erste.{part}.sql")
    with pytest.raises(ConsoleError) as caught:
        await go_up(with_first, tmp_path)
    assert caught.value.exit == Exit.FILE_CHANGED


async def test_a_missing_file(with_second: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second", "third")
    remove(tmp_path, "001_first")
    assert await states(with_second, tmp_path) == {"001": "missing_file", "002": "applied", "003": "pending"}
    with pytest.raises(ConsoleError, match="Applied here, but the file is missing: 001_first") as caught:
        await go_up(with_second, tmp_path)
    assert caught.value.exit == Exit.FILE_MISSING


async def test_out_of_order(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "003_third", up="select 1")
    await go_up(pg18_database, tmp_path)
    for label in ("001_first", "002_second"):
        write(tmp_path, label, up="select 1")
    late = dict.fromkeys(("001", "002"), "out_of_order")
    assert await states(pg18_database, tmp_path) == {**late, "003": "applied_unverified"}
    with pytest.raises(ConsoleError, match="although later migrations are: 001_first, 002_second") as caught:
        await go_up(pg18_database, tmp_path)
    assert caught.value.exit == Exit.OUT_OF_ORDER
    assert (await go_up(pg18_database, tmp_path, out_of_order=True, reason="forgotten")).done == ["001", "002"]
    waiver = "select reason from emr_console.run r join emr_console.event e on e.run_id = r.id where version = '002'"
    assert one(pg18_database, waiver) == "forgotten"


async def test_manual_migrations_run_only_when_named(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_first", up="select 1")
    for label in ("002_second", "003_third"):
        write(tmp_path, label, up="-- emr: manual = true\nselect 1")
    write(tmp_path, "004_fourth", up="select 1")
    assert (await go_up(pg18_database, tmp_path)).done == ["001"]
    with pytest.raises(ConsoleError, match="002_second is manual and comes before the target") as caught:
        await go_up(pg18_database, tmp_path, to="003")
    assert caught.value.exit == Exit.REFUSED
    assert (await go_up(pg18_database, tmp_path, to="002")).done == ["002"]
    assert (await go_up(pg18_database, tmp_path, to="003")).done == ["003"]
    assert (await go_up(pg18_database, tmp_path)).done == ["004"]


async def test_a_precondition(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    write(tmp_path, "002_second", up="-- emr: precondition = select count(*) > 1 from first\nselect 1")
    result = await go_up(pg18_database, tmp_path)
    assert (result.done, result.exit) == (["001"], Exit.REFUSED)
    assert result.failed is not None
    assert "select count(*) > 1 from first" in result.failed.message
    assert await states(pg18_database, tmp_path) == {"001": "applied", "002": "pending"}
    ask(pg18_database, "insert into first values (2)")
    assert (await go_up(pg18_database, tmp_path)).done == ["002"]


async def test_what_this_server_cannot_run(pg18_database: str, tmp_path: Path) -> None:
    for wanted, says in (
        ("pg>=99", "001_first.up.sql needs PostgreSQL 99 or newer; here it is 1"),
        ("timescaledb>=2.11", "needs TimescaleDB 2.11 or newer; here it is absent"),
    ):
        write(tmp_path, "001_first", up=f"-- emr: requires = {wanted}\nselect 1")
        with pytest.raises(ConsoleError, match=says) as caught:
            await go_up(pg18_database, tmp_path)
        assert caught.value.exit == Exit.UNSUPPORTED
    assert one(pg18_database, "select count(*) from emr_console.run") == 0


async def test_a_database_that_is_read_only_by_a_setting(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(
        pg18_database,
        f"alter database {one(pg18_database, 'select current_database()')} set default_transaction_read_only = on",
    )
    with pytest.raises(ReadOnlyServer, match="default_transaction_read_only is on") as no:
        await go_up(pg18_database, tmp_path)
    assert "is no standby" in no.value.message
    assert no.value.exit == Exit.READ_ONLY
    assert "drds" in no.value.hint


def test_a_standby_is_called_one() -> None:
    server = Server.model_construct(version_num=180000, in_recovery=True, read_only=True)
    with pytest.raises(ReadOnlyServer, match="This server is a standby") as no:
        require_server(server)
    assert no.value.hint == "Connect to the primary."


async def test_a_standby_is_left_as_it_is(pg18: Cluster, pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    name = one(pg18_database, "select current_database()")
    with private_folder() as folder:
        async with following(pg18, folder) as standby:
            assert await states(standby.dsn(name), tmp_path) == {"001": "pending"}
            with pytest.raises(ReadOnlyServer, match="This server is a standby") as no:
                await go_up(standby.dsn(name), tmp_path)
            refused = "select count(*) from pg_namespace where nspname = 'emr_console'"
            assert one(standby.dsn(name), refused) == 0
            assert "read-only transaction" not in standby.log.read_text()  # not even tried
    assert no.value.exit == Exit.READ_ONLY


@pytest.mark.parametrize(("least", "enough"), [("19", True), ("18.6", True), ("19.1", False), ("20", False)])
def test_a_pre_release_is_of_its_major_version(tmp_path: Path, least: str, enough: bool) -> None:
    write(tmp_path, "001_first", up=f"-- emr: requires = pg>={least}\nselect 1")
    (migration,) = read_folder(tmp_path).of("plain")
    server = Server.model_construct(version_num=190000, version="19beta1")
    facts = TimescaleDB.model_construct(installed=None, available=None)
    standing = Standing(server, facts, Presence.model_construct(), None, "plain", [], Books(None, [], [], []))
    with nullcontext() if enough else pytest.raises(Unsupported, match=f"PostgreSQL {least} or newer; here it is 19"):
        require_scripts(standing, [migration.up])


async def test_what_was_confirmed_must_still_be_so(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first", "second")
    with pytest.raises(ConsoleError, match="not what was confirmed: 001_first, 002_second") as caught:
        await go_up(pg18_database, tmp_path, confirmed=["001_first"])
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert tables(pg18_database) == []
    assert (await go_up(pg18_database, tmp_path, confirmed=["001_first", "002_second"])).done == ["001", "002"]


async def test_a_role_without_rights_changes_nothing(pg18_database: str, tmp_path: Path) -> None:
    role = one(pg18_database, "select 'visitor_' || current_database()")
    ask(pg18_database, f"create role {role} nologin")
    write_tables(tmp_path, "first")
    try:
        with pytest.raises(ConsoleError) as caught:
            await go_up(pg18_database, tmp_path, role=role)
        assert caught.value.exit == Exit.NO_PRIVILEGE
        database = one(pg18_database, "select current_database()")
        assert f'GRANT CREATE ON DATABASE "{database}" TO "{role}";' in caught.value.hint
        assert one(pg18_database, "select count(*) from pg_namespace where nspname = 'emr_console'") == 0
    finally:
        ask(pg18_database, f"drop role {role}")
