"""Emergency rollbacks on real servers: a backup or nothing, all or nothing, and nothing written since is lost."""

import json
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.backup.proof import verify_backup
from console.migrate.files import default_folder
from console.migrate.reports import Event
from tests.migrate.backup.making import follow, held, left, rows
from tests.migrate.backup.test_programs import install
from tests.migrate.emergency.rolling import VERIFY, Writer, roll_back, stopped_events
from tests.migrate.servers import on_both
from tests.migrate.working import Told, ask, go_up, one, states, tables, write


@on_both
async def test_a_backup_and_then_all_of_it(three: str, folder: Path, parent: Path) -> None:
    told = Told()
    result = await roll_back(three, folder, parent, told.append, to="001")
    assert (result.done, result.error, result.exit) == (["003", "002"], None, Exit.OK)
    assert tables(three) == ["first"]
    assert await states(three, folder) == {"001": "applied", "002": "pending", "003": "pending"}
    assert result.backup is not None
    await verify_backup(result.backup.directory)
    assert {"public.first": 1, "public.second": 1, "public.third": 1}.items() <= held(result.backup).items()
    order = [event.event for event in told if event.event not in ("progress", "note", "statement")]
    assert order == ["started", *["backup"] * 3, "backed_up", "migration", "migration", "rolled_back", "rolled_back"]
    kind, outcome, reason = ask(three, "select kind, outcome, reason from emr_console.run order by started_at")[-1]
    assert (kind, outcome, reason) == ("emergency", "done", "a test")
    detail = one(three, "select detail from emr_console.event where kind = 'backed_up'")
    assert (detail["directory"], detail["sha256"]) == (
        str(result.backup.directory),
        result.backup.manifest.sha256,
    )


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (
            "insert into first values (4); create table new (id int)",
            ["public.first has 2 rows now and 1 in the backup", "public.new is not in the backup"],
        ),
        (
            "drop table first; delete from second; update third set id = 4",
            [
                "public.first is gone",
                "public.second has 0 rows now and 1 in the backup",
                "public.third has 1 row as in the backup, but not the same",
            ],
        ),
    ],
)
async def test_what_is_written_in_between_stops_it(
    three: str, folder: Path, parent: Path, late: str, said: list[str]
) -> None:
    result = await roll_back(three, folder, parent, Writer(three, late).append, to="002")
    assert result.exit == Exit.PLAN_OUTDATED
    assert result.error is not None
    assert result.error.message == f"The database has changed since the backup: {'; '.join(said)}."
    assert result.error.state == "Nothing was rolled back."
    assert result.backup is not None
    assert left(parent) == [result.backup.directory.name]
    assert {"second", "third"} <= set(tables(three))
    assert await states(three, folder) == {"001": "applied", "002": "applied", "003": "applied"}
    assert one(three, "select outcome from emr_console.run where kind = 'emergency'") == "failed"
    assert stopped_events(three) == [("emergency_refused", result.error.message, "a test", True)]


async def test_after_a_change_it_is_started_again(three: str, folder: Path, parent: Path) -> None:
    result = await roll_back(three, folder, parent, Writer(three, "insert into third values (4)").append)
    assert "public.third has 2 rows now and 1 in the backup." in str(result.error)
    result = await roll_back(three, folder, parent)
    assert result.done == ["003", "002", "001"]
    assert result.backup is not None
    assert held(result.backup)["public.third"] == 2


async def test_a_failing_file_undoes_the_ones_before(database: str, folder: Path, parent: Path) -> None:
    write(folder, "002_second", up="create table second (id int)", down="select 1;\nselect 1 / 0", verify=VERIFY)
    await go_up(database, folder)
    result = await roll_back(database, folder, parent)
    assert result.exit == Exit.FAILED
    assert result.failed is not None
    assert (result.failed.version, result.failed.statement, result.failed.line) == ("002", 2, 2)
    assert (result.done, result.not_started) == ([], ["003", "001"])
    assert tables(database) == ["first", "second", "third"]
    assert await states(database, folder) == {"001": "applied", "002": "rollback_failed_clean", "003": "applied"}


async def test_without_a_backup_nothing(three: str, folder: Path, parent: Path, tmp_path: Path) -> None:
    failing = install(tmp_path / "bin", "18.6", "echo 'pg_dump: error: No space left on device' >&2; exit 1")
    told = Told()
    result = await roll_back(three, folder, parent, told.append, pg_dump=failing)
    assert result.exit == Exit.BACKUP_FAILED
    assert result.error is not None
    assert result.error.sentence().startswith("There is no backup. pg_dump failed (exit 1): No space left on device")
    assert "Nothing was rolled back." in result.error.sentence()
    assert (result.done, result.backup, left(parent)) == ([], None, [])
    assert told.of("migration") == []
    assert [kind for kind, *_ in stopped_events(three)] == ["emergency_refused"]
    assert await states(three, folder) == dict.fromkeys(("001", "002", "003"), "applied")


async def test_a_dump_that_is_not_what_was_written_is_none(three: str, folder: Path, parent: Path) -> None:
    """What counts is what lies on the disk when the rollback begins."""

    def spoil(event: Event) -> None:
        if event.event == "backup" and "scratch" in str(event.message):
            ((dump,),) = [list(parent.glob("*/database.dump"))]
            dump.write_bytes(dump.read_bytes() + b"x")

    result = await roll_back(three, folder, parent, spoil, trial=True)
    assert result.exit == Exit.BACKUP_FAILED
    assert result.error is not None
    assert "is not the dump that was written" in result.error.message
    assert tables(three) == ["first", "second", "third"]


async def test_knex_is_kept_true(pg18_database: str, folder: Path, parent: Path) -> None:
    ask(
        pg18_database,
        "create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz);"
        "create table knex_migrations_lock (index serial primary key, is_locked int);"
        "insert into knex_migrations_lock (is_locked) values (0)",
    )
    await go_up(pg18_database, folder)
    assert (await roll_back(pg18_database, folder, parent, to="001")).done == ["003", "002"]
    assert ask(pg18_database, "select name from knex_migrations") == [("001_first.ts",)]
    assert one(pg18_database, "select is_locked from knex_migrations_lock") == 0


async def test_it_needs_a_reason_and_one_transaction(three: str, folder: Path, parent: Path) -> None:
    write(folder, "004_apart", up="select 1", down="-- emr: transaction = off\nselect 1")
    await go_up(three, folder)
    with pytest.raises(UsageError, match="needs a reason"):
        await roll_back(three, folder, parent, reason=None)
    with pytest.raises(Refused, match=r"004_apart\.down\.sql says transaction = off") as caught:
        await roll_back(three, folder, parent)
    assert caught.value.exit == Exit.REFUSED
    assert left(parent) == []
    assert stopped_events(three) == [("emergency_refused", caught.value.message, "a test", False)]


async def test_what_was_confirmed_must_still_be_so(three: str, folder: Path, parent: Path) -> None:
    with pytest.raises(ConsoleError, match="not what was confirmed") as caught:
        await roll_back(three, folder, parent, confirmed=["003_third"])
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert stopped_events(three) == [("emergency_refused", caught.value.message, "a test", False)]
    assert left(parent) == []


async def test_nothing_applied_needs_no_backup(pg18_database: str, folder: Path, parent: Path) -> None:
    assert (await roll_back(pg18_database, folder, parent)).done == []
    assert left(parent) == []


async def test_others_wait_for_the_lock_and_not_for_the_dump(three: str, folder: Path, parent: Path) -> None:
    """Somebody who holds a row is named, and is waited for again and again in short tries."""
    told = Told()
    with psycopg.connect(three, application_name="ward") as other:

        def hold(event: Event) -> None:
            told.append(event)
            if event.event == "backed_up":
                other.execute("select from first")
            if event.event == "waiting" and event.blockers:
                other.rollback()

        result = await roll_back(three, folder, parent, hold)
    assert result.error is None
    assert "ward" in str([event.message for event in told.of("waiting")])


async def test_our_own_migrations_and_their_way_back(migrated: str, cluster: Cluster, tmp_path: Path) -> None:
    """005 and 004 go in one transaction; the backup brings every row of before back, into a database of its own."""
    ask(
        migrated,
        "select audit_ensure_partitions(now() - interval '14 days', now());"
        "insert into audit_logs (action, entity_type, entity_id, user_id, request_id, changes, created_at)"
        " select 'VIEW', 'patient', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', t"
        " from generate_series(now() - interval '14 days', now(), interval '6 hours') t",
    )
    result = await roll_back(migrated, default_folder(), tmp_path, to="003")
    assert result.done == ["005", "004"]
    assert result.backup is not None
    assert one(migrated, "select to_regclass('patients') is null")
    assert one(migrated, "select count(*) from audit_logs") == held(result.backup)["public.audit_logs"]
    name = f"{result.backup.manifest.database}_restored"
    try:
        done = follow(result.backup, cluster.dsn(name), cluster.bindir)
        assert (done.returncode, done.stderr) == (0, "")
        assert rows(cluster.dsn(name), list(held(result.backup))) == held(result.backup)
    finally:
        ask(cluster.dsn("postgres"), f"drop database if exists {name} with (force)")
    assert json.dumps(result.backup.as_json())
    assert (await go_up(migrated, default_folder())).done == ["004", "005"]
