"""Backups on real servers: complete, private, of one moment, and restored by their own guide."""

import asyncio
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from console.demo.process import until
from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, NoPrivilege
from console.migrate.backup.models import Backup, Progress
from console.migrate.backup.proof import verify_backup
from tests.fixtures.databases import administer, fresh, template
from tests.fixtures.running import complete
from tests.migrate.backup.making import back_up, follow, held, left, rows
from tests.migrate.servers import on_both
from tests.migrate.working import ask, one

ODD = """
create table odd (t int, "Weird.name" text);
insert into odd select g, 'line' || chr(10) || g from generate_series(1, 100) g
"""
SOME_ROWS = """
select audit_ensure_partitions(now() - interval '21 days', now());
insert into audit_logs (action, entity_type, entity_id, user_id, request_id, changes, created_at)
select 'VIEW', 'patient', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', t
  from generate_series(now() - interval '21 days', now(), interval '1 hour') t;
create schema "Own schema";
create table "Own schema"."o'clock" (at timestamptz, "for" interval, weight float8, pic bytea);
insert into "Own schema"."o'clock" values (now(), interval '1 mon 2 days', 0.1::float8 + 0.2, '\\x00ff');
create unlogged table "Own schema".unlogged (id int);
insert into "Own schema".unlogged values (1)
"""


@pytest.fixture
def odd(database: str) -> str:
    """The DSN of a database with one table."""
    ask(database, ODD)
    return database


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Iterator[str]:
    """The DSN of a migrated database with rows, also in tables of others."""
    with fresh(cluster, template(cluster)) as dsn:
        ask(dsn, f"{SOME_ROWS};{ODD}")
        yield dsn


@pytest.fixture(scope="module")
def made(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Backup:
    """Its backup, in a folder that was not there."""
    return complete(back_up(filled, tmp_path_factory.mktemp("made") / "backups"))


async def test_it_is_complete_and_private_and_its_manifest_names_no_value(filled: str, made: Backup) -> None:
    assert left(made.directory) == [
        "RESTORE.md", "check.sql", "database.dump", "manifest.json", "restore.list"
    ]  # fmt: skip
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.directory.iterdir()} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (made.directory, made.directory.parent)} == {0o700}
    assert held(made) == rows(filled, list(held(made)))
    assert held(made)["public.odd"] == 100
    assert held(made)["public.audit_logs"] > 500
    assert {"emr_console.migration", '"Own schema"."o\'clock"', '"Own schema".unlogged'} <= set(held(made))
    assert not any("_20" in table for table in held(made)), "partitions are counted with their parent"
    assert await verify_backup(made.directory) == made.manifest
    assert made.manifest.consistent_by == "snapshot"
    manifest = json.loads((made.directory / "manifest.json").read_text())
    assert manifest["tables"][0].keys() == {"table", "rows", "sum"}
    assert manifest.keys() == {
        "format", "tool", "server", "pg_dump", "database", "extensions", "taken_at", "consistent_by", "file", "bytes",
        "sha256", "tables",
    }  # fmt: skip
    assert made.as_json().keys() == {
        "directory",
        "file",
        "sha256",
        "bytes",
        "seconds",
        "tables",
        "trial_restore",
        "abandoned",
    }


async def test_the_guide_restores_every_row(filled: str, made: Backup, cluster: Cluster) -> None:
    name = f"{made.manifest.database}_restored"
    try:
        done = follow(made, cluster.dsn(name), cluster.bindir)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == f"{name} holds what the backup held."
        assert rows(cluster.dsn(name), list(held(made))) == held(made)
        assert one(cluster.dsn(name), "select datcollate from pg_database where datname = current_database()") == one(
            filled, "select datcollate from pg_database where datname = current_database()"
        )
    finally:
        administer(cluster, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


async def test_the_guide_keeps_the_label_of_production(pg18_database: str, pg18: Cluster, tmp_path: Path) -> None:
    database = one(pg18_database, "select current_database()")
    ask(pg18_database, f"alter database {database} set emr.environment = 'production'")
    made = await back_up(pg18_database, tmp_path)
    name = f"{database}_restored"
    try:
        assert follow(made, pg18.dsn(name), pg18.bindir).returncode == 0
        assert one(pg18.dsn(name), "select current_setting('emr.environment')") == "production"
    finally:
        administer(pg18, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


async def test_the_guide_finds_a_row_that_is_missing(pg18_database: str, pg18: Cluster, tmp_path: Path) -> None:
    ask(pg18_database, "create table kept (id int)")
    made = await back_up(pg18_database, tmp_path)
    check = made.directory / "check.sql"
    check.write_text(check.read_text().replace("(0, '0')", "(1, '0')"))
    name = f"{made.manifest.database}_restored"
    try:
        done = follow(made, pg18.dsn(name), pg18.bindir)
        assert done.returncode == 1
        assert "public.kept: 0 rows expected" in done.stdout
    finally:
        administer(pg18, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@on_both
async def test_dump_and_counts_are_of_one_moment(odd: str, tmp_path: Path) -> None:
    """What is written while it runs is in both or in neither: else the trial restore would not match."""
    heard: list[Progress] = []

    def write(progress: Progress) -> None:
        heard.append(progress)
        if progress.phase == "dumping":
            ask(odd, "insert into odd values (0, 'late')")
            ask(odd, "delete from odd where t = 1; update odd set t = -t where t = 2")

    made = await back_up(odd, tmp_path, write, trial=True)
    assert made.trial is not None
    assert (made.trial.ok, made.trial.wrong) == (True, [])
    assert rows(odd, ["public.odd"]) != {"public.odd": held(made)["public.odd"]}
    assert [progress.phase for progress in heard if progress.phase != "dumping"] == ["checking", "proving", "restoring"]
    assert trials(odd) == 0


async def test_a_trial_that_goes_wrong_is_told(pg18_database: str, pg18: Cluster, tmp_path: Path) -> None:
    """A check that reads another table holds when the rows are written, not when they are restored.

    Its scratch database goes, and that of a dead run too.
    """
    administer(pg18, sql.SQL("create database {}").format(sql.Identifier("emr_console_trial_999999999_0123abcd")))
    ask(
        pg18_database,
        "create table z (id int); insert into z values (1);"
        "create function seen(int) returns boolean language sql as 'select exists (select from z where id = $1)';"
        "create table a (id int check (seen(id))); insert into a values (1)",
    )
    made = await back_up(pg18_database, tmp_path, trial=True)
    assert made.trial is not None
    assert not made.trial.ok
    assert "pg_restore failed (exit 1)" in made.trial.wrong[0]
    assert trials(pg18_database) == 0


def trials(dsn: str) -> int:
    """How many scratch databases of trials the server has."""
    counted: int = one(dsn, "select count(*) from pg_database where datname like 'emr_console_trial%'")
    return counted


async def test_one_changed_byte_is_found(pg18_database: str, tmp_path: Path) -> None:
    made = await back_up(pg18_database, tmp_path)
    with (made.directory / "database.dump").open("r+b") as dump:
        dump.seek(-1, os.SEEK_END)
        last = dump.read(1)
        dump.seek(-1, os.SEEK_END)
        dump.write(bytes([last[0] ^ 1]))
    with pytest.raises(ConsoleError, match="is not the dump that was written") as caught:
        await verify_backup(made.directory)
    assert caught.value.exit == Exit.BACKUP_FAILED


async def test_two_of_one_second_are_two(pg18_database: str, tmp_path: Path) -> None:
    made = await asyncio.gather(*(back_up(pg18_database, tmp_path) for _ in range(2)))
    assert len({each.directory for each in made}) == 2
    for each in made:
        await verify_backup(each.directory)


async def test_rows_that_are_hidden_are_no_backup(pg18_migrated: str, pg18: Cluster, tmp_path: Path) -> None:
    """Row security shows this role no patient at all, and says nothing."""
    ask(pg18_migrated, "create role clerk login password 'clerk'")
    try:
        ask(pg18_migrated, "grant pg_read_all_data to clerk")
        dsn = psycopg.conninfo.make_conninfo(pg18_migrated, user="clerk", password="clerk", passfile="/dev/null")
        with pytest.raises(NoPrivilege, match=r"clerk cannot see every row of .*public\.patients") as caught:
            await back_up(dsn, tmp_path / "backups")
        assert caught.value.exit == Exit.NO_PRIVILEGE
        assert not (tmp_path / "backups").exists()
        ask(pg18_migrated, "alter role clerk bypassrls")
        await back_up(dsn, tmp_path / "backups")
    finally:
        ask(pg18_migrated, "drop owned by clerk; drop role clerk")


async def test_it_is_made_by_the_role_that_migrates(pg18_database: str, tmp_path: Path) -> None:
    ask(pg18_database, "create role keeper; create schema kept; create table kept.things as select 1 as id")
    try:
        with pytest.raises(NoPrivilege, match=r"keeper cannot see every row of kept\.things"):
            await back_up(pg18_database, tmp_path, role="keeper")
        ask(pg18_database, "grant pg_read_all_data to keeper")
        assert held(await back_up(pg18_database, tmp_path, role="keeper")) == {"kept.things": 1}
    finally:
        ask(pg18_database, "drop owned by keeper; drop role keeper")


async def test_a_cancel_leaves_nothing(odd: str, tmp_path: Path) -> None:
    """In the middle of it: somebody's lock keeps pg_dump waiting until it is ended."""
    begun = asyncio.Event()

    def hear(progress: Progress) -> None:
        if connected(odd):
            begun.set()

    with psycopg.connect(odd) as other:
        other.execute("lock table odd in access exclusive mode")
        task = asyncio.create_task(back_up(odd, tmp_path, hear))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert left(tmp_path) == []
        await until(lambda: connected(odd) == 0, 10)


def connected(dsn: str) -> int:
    """How many sessions pg_dump has."""
    counted: int = one(
        dsn,
        "select count(*) from pg_stat_activity where datname = current_database() and application_name ~ ':backup:'"
        " and query ~ '^LOCK TABLE'",
    )
    return counted


async def test_secrets_are_not_handed_over_in_the_open(pg18_database: str, pg18: Cluster, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("other systems have no /proc to look into")
    seen: list[bytes] = []

    def look(progress: Progress) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text() == "pg_dump\n":
                    seen.append((process / "cmdline").read_bytes() + (process / "environ").read_bytes())
            except OSError:
                continue  # it has ended meanwhile

    dsn = psycopg.conninfo.make_conninfo(pg18_database, passfile="/dev/null", password=pg18.password())
    await back_up(dsn, tmp_path, look)
    assert seen
    assert not any(pg18.password().encode() in each for each in seen)
