"""The migrations pane on a real server: its pages, its remark, deciding, a backup before a rollback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.db.database import Database
from console.db.target import Target
from console.migrate.plan import requested
from console.panes.migrations.view import MigrationsPane
from console.services import installed
from console.shared.identity import identify
from console.ui.entry import Entry
from console.ui.panebar import pane_commands
from tests.fixtures.timescale import Timescale
from tests.migrate.test_stepwise import in_doubt
from tests.migrate.working import ask, go_up, one, remove, states, tables, write, write_tables
from tests.panes import looks
from tests.panes.pictures import ready
from tests.targets import target
from tests.ui.entering import enter
from tests.ui.waiting import seen, shown, until


class Console(ConsoleApp):
    """The console with this pane alone."""

    PANES: ClassVar = (MigrationsPane,)
    COMMAND_TABLE: ClassVar = pane_commands((MigrationsPane,))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installation's migrations: two tables; the console leaves its own files elsewhere."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    found = tmp_path / "migrations"
    found.mkdir()
    monkeypatch.setattr(installed, "default_folder", lambda: found)
    write_tables(found, "ward", "bed")
    return found


@asynccontextmanager
async def opened(dsn: str, *, window: bool = False, **changed: str) -> AsyncIterator[Pilot[Any]]:
    """The pane with its rows, perhaps in the write window."""
    goal = target(dsn, **changed)
    async with Database(goal) as db:
        app = Console(db, identify(goal), environ={"TERM": "xterm", "LANG": "C.UTF-8"})
        async with app.run_test(size=(100, 30)) as pilot:
            pane = await ready(pilot)
            if window:
                app.window.open("the ward asked for it")
                await until(pilot, lambda: pane.writable)
            yield pilot


async def test_a_page_tells_the_history_and_the_pane_what_others_have_changed(pg18_database: str, folder: Path) -> None:
    """That is looked at when the pane is opened, and on r."""
    await go_up(pg18_database, folder, reason="first ward")
    async with opened(pg18_database) as pilot:
        assert "changed by others" not in shown(pilot)
        await pilot.press("enter")
        await seen(pilot, "history")
        await seen(pilot, "first ward")
        assert "001_ward.up.sql" in shown(pilot)
        await pilot.press("escape")
        ask(pg18_database, "create table intruder (id int)")
        await pilot.press("r")
        await seen(pilot, "The schema was changed by others since")
        assert "table public.intruder" in shown(pilot)


async def test_a_role_that_may_not_plan_reads_why(pg18_database: str, folder: Path) -> None:
    await go_up(pg18_database, folder)
    role = one(pg18_database, "select 'nobody_' || current_database()")
    ask(pg18_database, f"create role {role} login password 'geheim'")
    try:
        async with opened(pg18_database, user=role, password="geheim") as pilot:
            await pilot.press("x")
            await seen(pilot, "cannot be read by")
            await pilot.press("escape")
            await seen(pilot, "2 migrations, unknown which are applied")
    finally:
        ask(pg18_database, f"drop role {role}")


async def test_a_rollback_that_is_rehearsed_loses_its_window_and_finds_another_world(
    pg18_database: str, folder: Path
) -> None:
    """Nothing is rolled back by any of it."""
    await go_up(pg18_database, folder)
    async with opened(pg18_database, window=True) as pilot:
        await pilot.press("b")
        await seen(pilot, "not rehearsed")
        await pilot.press("R")
        await until(pilot, lambda: " · rehearsed" in shown(pilot))
        await seen(pilot, "to roll it back")
        await pilot.press("enter")
        window = pilot.app.window  # type: ignore[attr-defined]  # ConsoleApp's
        window.close("a test")
        await seen(pilot, "U opens the write window")
        assert not isinstance(pilot.app.focused, Entry)
        await pilot.press("enter", "enter")
        assert tables(pg18_database) == ["bed", "ward"]
        window.open("the ward asked for it again")
        await seen(pilot, "to roll it back")
        ask(pg18_database, "alter table bed add column since date")
        await pilot.press("enter")
        await enter(pilot, "002_bed")
        await seen(pilot, "ended with 14, plan outdated")
    assert tables(pg18_database) == ["bed", "ward"]


async def test_esc_gives_up_counting_on_the_server_and_everything_takes_the_databases_name(
    pg18_database: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(requested._PATIENCE, "lock_timeout", "0")  # else it would give up by itself
    await go_up(pg18_database, folder)
    name = one(pg18_database, "select current_database()")
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with opened(pg18_database, window=True) as pilot:
        with psycopg.connect(pg18_database) as other:
            other.execute("lock table bed in access exclusive mode")
            await pilot.press("G", "x")
            await seen(pilot, "Counting what would be lost")
            await until(pilot, lambda: one(pg18_database, waiting) == 1)
            await pilot.press("escape")
            await until(pilot, lambda: one(pg18_database, waiting) == 0)
            assert len(pilot.app.screen_stack) == 1
            other.rollback()
        await pilot.press("a")
        await until(pilot, lambda: "Nothing is pending." in [note.message for note in pilot.app._notifications])
        assert len(pilot.app.screen_stack) == 1
        await pilot.press("g", "x")
        await seen(pilot, f"Type {name} to roll these 2 back")
        await pilot.press("enter")
        await enter(pilot, name)
        await seen(pilot, "Done: 2 of 2")
    assert tables(pg18_database) == []


async def test_on_production_the_databases_name_is_typed(pg18_database: str, folder: Path) -> None:
    await go_up(pg18_database, folder)
    name = one(pg18_database, "select current_database()")
    ask(pg18_database, f"alter database {name} set emr.environment = 'production'")
    async with opened(pg18_database, window=True) as pilot:
        await pilot.press("b")
        await seen(pilot, f"Type {name} to roll it back")
        await pilot.press("enter")
        await enter(pilot, "002_bed")
        await seen(pilot, "This is not the name")
        assert tables(pg18_database) == ["bed", "ward"]


async def test_a_backup_is_made_before_audit_rows_go(pg18_database: str, folder: Path, tmp_path: Path) -> None:
    remove(folder, "002_bed")
    write(folder, "002_bed", up="create table audit_logs as select now() as created_at", down="drop table audit_logs")
    await go_up(pg18_database, folder)
    name = one(pg18_database, "select current_database()")
    async with opened(pg18_database, window=True) as pilot:
        await pilot.press("b")
        await seen(pilot, "backup none in 24 h → B makes one first")
        assert "Not offered without a backup: audit_logs has rows" in shown(pilot)
        await pilot.press("enter", "enter")
        assert "to roll it back" not in shown(pilot)
        await pilot.press("B")
        await seen(pilot, "Backup first, into the folder")
        assert f"Type {name} to roll it back" in shown(pilot)
        await pilot.press("enter")
        await enter(pilot, name)
        await until(pilot, lambda: "Done: 1 of 1" in shown(pilot) or "ended with" in shown(pilot))
        assert "Done: 1 of 1" in shown(pilot)
        (made,) = (tmp_path / "state" / "emr-console" / "backups").iterdir()
        assert (made / "RESTORE.md").exists()
        assert tables(pg18_database) == ["ward"]
        await pilot.press("escape", "b")
        await seen(pilot, "backup of")
        assert "s ago in" in shown(pilot)


async def called_in_doubt(dsn: str, folder: Path) -> None:
    """Of the second of two migrations nothing tells whether its second statement was done."""
    remove(folder, "001_ward")
    remove(folder, "002_bed")
    write(folder, "001_ward", up="create table ward (id int, name text)")
    await go_up(dsn, folder)
    await in_doubt(dsn, folder)


async def decided(pilot: Pilot[Any], key: str) -> None:
    """Decide on its page, and give a reason."""
    await pilot.press("G", "enter")
    await seen(pilot, "statement 2, line")
    assert "call slowly()" in shown(pilot)
    await pilot.press(key)
    await seen(pilot, "Reason, at least")
    await enter(pilot, "the ward has looked")
    await pilot.press("enter")
    await seen(pilot, "● Done.")
    await pilot.press("escape")
    await seen(pilot, "failed partial")


async def test_a_person_decides_what_nothing_tells_and_takes_back_what_is_done(
    pg18_database: str, folder: Path
) -> None:
    """That its second statement was not done; then the first is taken back. In doubt once more, that it was done."""
    await called_in_doubt(pg18_database, folder)
    async with opened(pg18_database, window=True) as pilot:
        await decided(pilot, "R")
        assert (await states(pg18_database, folder))["002"] == "failed_partial"
        await pilot.press("G", "enter")
        await seen(pilot, "T take back")
        await pilot.press("T")
        await seen(pilot, "Type 002_call to take it back")
        await enter(pilot, "nobody needs it")
        await enter(pilot, "002_call")
        await seen(pilot, "Done: 1 of 1")
        assert (await states(pg18_database, folder))["002"] == "pending"
        assert ask(pg18_database, "select from pg_indexes where tablename = 'ward'") == []

        ask(pg18_database, "drop procedure slowly()")
        await in_doubt(pg18_database, folder)
        await pilot.press("escape", "r")
        await seen(pilot, "in doubt")
        await decided(pilot, "D")
    assert (await states(pg18_database, folder))["002"] == "failed_partial"


async def test_keys_of_its_screens_can_be_chosen() -> None:
    nowhere = Database(Target(looks.NOWHERE, "a test"))
    app = Console(nowhere, looks.HERE, keymap={"plan.backup": "f5", "run.stop": "f6", "resolve.undo": "f7"})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert list(app._notifications) == []


async def test_where_one_backend_serves_all(timescale: Timescale, folder: Path) -> None:
    dsn = timescale.dsn()
    await go_up(dsn, folder)
    async with opened(dsn, window=True) as pilot:
        await pilot.press("b")
        await seen(pilot, "to roll it back")
        await pilot.press("enter")
        await enter(pilot, "002_bed")
        await seen(pilot, "Done: 1 of 1")
        await pilot.press("escape")
        await seen(pilot, "1 of 2 applied")
    assert tables(dsn) == ["ward"]
