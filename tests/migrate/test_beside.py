"""What goes on beside a run ends with it, keeps none of its mistakes to itself, and takes one connection."""

import asyncio
from pathlib import Path

import pytest

from console.db.database import Database
from console.migrate.beside import Second, beside
from console.migrate.reports import Event
from console.panes.migrations import service
from console.panes.migrations.models import Goal
from console.services import installed
from tests.db.asking import NUMBER, Number
from tests.db.test_database import OURS, connected
from tests.db.test_pulse import beat
from tests.migrate.test_tries import reading
from tests.migrate.working import ask, write
from tests.targets import target


async def forever() -> None:
    await asyncio.Event().wait()


async def mistaken() -> None:
    raise KeyError("John Doe")


async def test_it_ends_with_what_it_goes_on_beside() -> None:
    before = asyncio.all_tasks()
    async with beside(forever()):
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks() - before) == 1
    assert asyncio.all_tasks() == before
    with pytest.raises(KeyError):
        async with beside(mistaken()):
            await asyncio.sleep(0)


async def test_one_session_for_all_who_ask_and_a_new_one_for_a_lost_one(pg18_database: str) -> None:
    ours = "select pid from pg_stat_activity where application_name like '%:watch:%' and datname = current_database()"
    async with Second(target(pg18_database)) as second:
        assert ask(pg18_database, ours) == []
        await asyncio.gather(*(second.fetch(NUMBER, Number, number=n) for n in range(3)))
        ((pid,),) = ask(pg18_database, ours)
        ask(pg18_database, "select pg_terminate_backend(%s, 5000)", pid)
        assert await second.fetch(NUMBER, Number, number=7) == [Number(number=7)]


@pytest.mark.usefixtures("_no_pauses")
async def test_a_run_from_the_console_is_one_of_three_connections_with_its_second(
    with_first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it waits for a lock, and its progress is followed."""
    monkeypatch.setattr("console.migrate.following._PATIENCE", 0.0)
    monkeypatch.setattr(installed, "default_folder", lambda: tmp_path)
    header = "-- emr: lock_timeout = 200ms\n-- emr: stall_budget = 600ms\n"
    write(tmp_path, "002_alter", up=f"{header}alter table first add column more int")
    seen: list[list[str]] = []

    def hear(event: Event) -> None:
        if event.event == "waiting":
            seen.append([lane for (lane,) in ask(with_first, OURS)])

    async with reading(with_first), Database(target(with_first)) as db:
        await beat(db)
        await db.fetch(NUMBER, Number, number=1)
        await db.record(NUMBER, number=1)
        plan = await service.plan(db, goal := Goal(back=False, to="002"))
        await connected(with_first, "poll")
        await service.run(db, goal, plan, service.Agreed(None))(hear)
        await connected(with_first, "poll")
    assert seen == [["migrate", "poll", "watch"]] * 2
