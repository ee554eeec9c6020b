"""The rollback by hand: run with psql, and the ledger is as if the engine had done it."""

import subprocess
from pathlib import Path

import pytest

from console.db.operator import Operator
from console.db.session import Session
from console.demo.server import Cluster
from console.errors import Refused
from console.migrate import lock
from console.migrate.down import ways_back
from console.migrate.files import default_folder, read_folder
from console.migrate.manual_script import manual_script
from console.migrate.selection import Back, for_down
from console.migrate.standing import read_standing
from tests.migrate.backup.making import environment
from tests.migrate.working import ask, go_up, one, states, tables, write
from tests.targets import target

HERE = Operator("o'brien", "ward-7")


async def script(dsn: str, folder: Path, back: Back, **how: str | bool) -> str:
    """What `migrate down --print` would say."""
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        standing = await read_standing(session, read_folder(folder), None)
        steps = await ways_back(session, standing, for_down(standing, back))
    return manual_script(steps, HERE, reason="the automatic way's broken", **how)  # type: ignore[arg-type]


def psql(cluster: Cluster, dsn: str, text: str) -> subprocess.CompletedProcess[str]:
    """Run a script the way its head says."""
    env = dict(environment(dsn, cluster.bindir))
    env["PGDATABASE"] = env.pop("NEW")
    return subprocess.run(["psql", "-X", "-q", "-f", "-"], input=text, env=env, capture_output=True, text=True)


async def test_our_own_migrations(migrated: str, cluster: Cluster) -> None:
    """Where repeatable read is the rule, too, and quotes around every name.

    The script's first query would freeze what its later ones see, and their locks would come too late.
    """
    text = await script(migrated, default_folder(), Back(to="002"))
    database = one(migrated, "select current_database()")
    ask(migrated, f"alter database {database} set default_transaction_isolation = 'repeatable read'")
    ask(migrated, f"alter database {database} set quote_all_identifiers = on")
    done = psql(cluster, migrated, text)
    assert (done.returncode, done.stderr) == (0, "")
    found = await states(migrated, default_folder())
    assert [found[version] for version in ("001", "002", "003", "004", "005")] == ["applied"] * 2 + ["pending"] * 3
    assert one(migrated, "select to_regclass('patients') is null")
    events = ask(migrated, "select version, operator from emr_console.event where kind = 'rolled_back' order by id")
    assert events == [(version, "o'brien@ward-7") for version in ("005", "004", "003")]
    kind, reason, outcome = ask(migrated, "select kind, reason, outcome from emr_console.run order by started_at")[-1]
    assert (kind, reason, outcome) == ("down", "the automatic way's broken", "done")
    assert (await go_up(migrated, default_folder())).done == ["003", "004", "005"]


async def test_all_or_nothing(with_second: str, cluster: Cluster, tmp_path: Path) -> None:
    write(tmp_path, "003_third", up="create table third (id int)", down="set search_path = nowhere;\ndrop table third")
    await go_up(with_second, tmp_path)
    done = psql(cluster, with_second, await script(with_second, tmp_path, Back(all=True)))
    assert done.returncode == 3
    assert tables(with_second) == ["first", "second", "third"]
    (tmp_path / "003_third.down.sql").write_text("drop table third;\nset search_path = nowhere")
    done = psql(cluster, with_second, await script(with_second, tmp_path, Back(all=True)))
    assert (done.returncode, done.stderr) == (0, "")
    assert tables(with_second) == []
    assert set((await states(with_second, tmp_path)).values()) == {"pending"}


async def test_it_stops_where_the_ledger_has_moved(with_second: str, cluster: Cluster, tmp_path: Path) -> None:
    text = await script(with_second, tmp_path, Back())
    assert psql(cluster, with_second, text).returncode == 0
    again = psql(cluster, with_second, text)
    assert again.returncode == 3
    assert "the ledger is not as it was" in again.stderr
    assert tables(with_second) == ["first"]


async def test_it_stops_while_the_engine_is_at_work(with_first: str, cluster: Cluster, tmp_path: Path) -> None:
    text = await script(with_first, tmp_path, Back())
    async with await Session.open(target(with_first), "migrate") as other:
        await lock.acquire(other, 0)
        refused = psql(cluster, with_first, text)
    assert "the migration engine is at work" in refused.stderr
    assert tables(with_first) == ["first"]


async def test_role_knex_and_precondition(pg18_database: str, pg18: Cluster, tmp_path: Path) -> None:
    ask(pg18_database, "create table knex_migrations (name text, batch int, migration_time timestamptz, id serial)")
    down = "-- emr: precondition = select count(*) = 1 from first\ndrop table first"
    write(tmp_path, "001_first", up="create table first (id int)", down=down)
    await go_up(pg18_database, tmp_path)
    text = await script(pg18_database, tmp_path, Back(), role="postgres", knex=True)
    assert "division by zero" in psql(pg18, pg18_database, text).stderr
    ask(pg18_database, "insert into first values (1)")
    assert psql(pg18, pg18_database, text).returncode == 0
    assert ask(pg18_database, "select name from knex_migrations") == []
    assert "first" not in tables(pg18_database)


async def test_one_transaction_cannot_hold_it(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_apart", up="select 1", down="-- emr: transaction = off\nvacuum")
    await go_up(pg18_database, tmp_path)
    with pytest.raises(Refused, match=r"001_apart\.down\.sql says transaction = off"):
        await script(pg18_database, tmp_path, Back())
