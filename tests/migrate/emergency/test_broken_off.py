"""Emergency rollbacks that are broken off, by a lost session, a cancel, a mistake of ours: nothing is rolled back."""

import asyncio
from pathlib import Path

import pytest

from console.demo.process import until
from console.errors import Exit
from console.migrate.reports import Event, Result
from tests.migrate.backup.making import left
from tests.migrate.emergency.rolling import VERIFY, Writer, roll_back, stopped_events
from tests.migrate.working import Told, go_up, one, states, tables, write


async def test_the_engine_s_session_ends_during_the_backup(three: str, folder: Path, parent: Path) -> None:
    end = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name ~ '^emr-console:migrate' and datname = current_database()"
    )
    told = Writer(three, end, after="backup")
    result = await roll_back(three, folder, parent, told.append)
    assert result.exit == Exit.CONNECTION_LOST
    assert result.error is not None
    assert "nothing of it was changed. The same holds for all of them" in result.error.state
    assert tables(three) == ["first", "second", "third"]
    assert (await roll_back(three, folder, parent)).done == ["003", "002", "001"]


async def test_a_cancel_during_the_backup(three: str, folder: Path, parent: Path) -> None:
    told = Told()
    task = asyncio.create_task(roll_back(three, folder, parent, told.append))
    await told.until("backup", None)
    await stopped(task)
    assert [event.message for event in told.of("interrupted")] == ["Nothing was rolled back."]
    assert left(parent) == []
    assert one(three, "select outcome from emr_console.run where kind = 'emergency'") == "interrupted"
    assert stopped_events(three) == [("interrupted", "Nothing was rolled back.", "a test", True)]
    assert set((await states(three, folder)).values()) == {"applied"}


async def test_a_mistake_of_ours_during_the_backup(three: str, folder: Path, parent: Path) -> None:
    class Mistaken(Told):
        """Breaks when the backup begins."""

        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "backup":
                raise KeyError("John Doe")

    with pytest.raises(KeyError):
        await roll_back(three, folder, parent, (told := Mistaken()).append)
    mistake, left_over = (str(event.message) for event in told.of("note"))
    assert mistake.startswith("Something unexpected happened inside emr-console (KeyError at test_broken_off.py:")
    assert (left_over, told.of("interrupted"), left(parent)) == ("Nothing was rolled back.", [], [])
    assert one(three, "select outcome from emr_console.run where kind = 'emergency'") == "failed"
    assert stopped_events(three) == [("failed", left_over, "a test", True)]
    assert set((await states(three, folder)).values()) == {"applied"}


async def test_a_cancel_in_the_transaction(database: str, folder: Path, parent: Path) -> None:
    """In the middle of the second file; a cancel that reaches the server before its statement would do nothing."""
    write(folder, "002_second", up="create table second (id int)", down="select pg_sleep(600)", verify=VERIFY)
    await go_up(database, folder)
    told = Told()
    task = asyncio.create_task(roll_back(database, folder, parent, told.append))
    await told.until("statement", "002")
    sleeps = "select exists (select from pg_stat_activity where state = 'active' and query ~ 'pg_sleep[(]600')"
    await until(lambda: one(database, sleeps), 20)
    await stopped(task)
    assert [event.message for event in told.of("interrupted")] == ["Nothing was rolled back."]
    assert one(database, "select outcome from emr_console.run where kind = 'emergency'") == "interrupted"
    assert stopped_events(database) == [("interrupted", "Nothing was rolled back.", "a test", True)]
    assert set((await states(database, folder)).values()) == {"applied"}


async def stopped(task: asyncio.Task[Result]) -> None:
    """Cancel it and wait until it has ended."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
