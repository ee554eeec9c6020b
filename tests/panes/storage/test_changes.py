"""The keys of the storage pane that change something, on a real TimescaleDB and on partitions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.db.target import Target
from console.panes.storage.chunks import ChunksPane
from console.panes.storage.view import StoragePane
from console.shared import acting
from console.ui.confirm import ConfirmScreen
from console.ui.entry import Entry
from console.ui.facts import facts_text
from console.ui.notice import State
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from console.ui.working import WorkScreen, WorkView
from tests.fixtures.timescale import Timescale
from tests.migrate.working import ask, one
from tests.panes import looks
from tests.targets import target
from tests.ui.entering import enter
from tests.ui.waiting import until

WARD = """
create extension if not exists timescaledb;
create table public.visits (at timestamptz not null);
select create_hypertable('public.visits', 'at', chunk_time_interval => interval '7 days');
alter table public.visits set (timescaledb.compress);
insert into public.visits select timestamptz '2025-01-02 00:00+00' + n * interval '7 days' from generate_series(0, 9) n;
create materialized view public.weekly with (timescaledb.continuous) as
select time_bucket('7 days', at) as week, count(*) as n from public.visits group by 1 with no data;
"""
PARTITIONED = """
create table visits (day date not null) partition by range (day);
create table visits_2024 partition of visits for values from ('2024-01-01') to ('2025-01-01');
create table visits_2025 partition of visits for values from ('2025-01-01') to ('2026-01-01');
create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');
insert into visits select date '2024-01-01' + n from generate_series(0, 999) n
"""
SLOW = "create materialized view slow as select from pg_sleep(0.3) with no data"


class Driven:
    """The storage pane on a real server."""

    def __init__(self, app: ConsoleApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def unlock(self) -> None:
        """Open the write window."""
        self.app.window.open("the night shift")
        await until(self.pilot, lambda: self.app.query_one(StoragePane).writable)

    async def turn(self, tab: str) -> None:
        """Show a tab."""
        await self.app.query_one(StoragePane).action_show_tab(tab)
        await until(self.pilot, lambda: self.app.query_one(StoragePane).shown.state in (State.DATA, State.EMPTY))

    async def at(self, name: str) -> None:
        """Put the cursor on a table or view of the tab on screen."""
        rows = self.app.query_one(StoragePane).shown.query(LineTable).first().rows
        await until(self.pilot, lambda: bool(rows.shown))
        await self.press("g", *["j"] * [row.label for row in rows.shown].index(name))

    async def open(self, name: str) -> ChunksPane:
        """Go down to the chunks of a table."""
        await self.turn("hypertables")
        await self.at(name)
        await self.press("enter")
        await until(self.pilot, lambda: bool(self.app.query(ChunksPane)))
        pane: ChunksPane = self.app.query_one(ChunksPane)
        await until(self.pilot, lambda: pane.state is State.DATA and isinstance(self.app.focused, LineTable))
        return pane

    async def asked(self) -> str:
        """Wait for the question; all that it says."""
        await until(self.pilot, lambda: isinstance(self.app.screen, ConfirmScreen))
        screen = self.app.screen
        assert isinstance(screen, ConfirmScreen)
        question = screen.question
        return f"{question.title}\n{facts_text(question.facts)}\n{question.consequence}"

    async def answer(self, *typed: str) -> None:
        """Type what the question wants: a reason, then a name."""
        for words in typed:
            await enter(self.pilot, words)

    async def value(self, typed: str) -> None:
        """Wait to be asked for a value, and give it."""
        await until(self.pilot, lambda: isinstance(self.app.screen, ValueScreen))
        await self.press("ctrl+u")
        await enter(self.pilot, typed)

    async def told(self, words: str) -> None:
        """Wait for a note."""
        await until(self.pilot, lambda: any(words in note.message for note in self.app._notifications))


@asynccontextmanager
async def driven(where: Target, *, writable: bool = True) -> AsyncIterator[Driven]:
    app = looks.console(StoragePane, where=where)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(StoragePane)))
        pane = Driven(app, pilot)
        if writable:
            await pane.unlock()
        yield pane
        await app.database.close()


def states(chunks: ChunksPane) -> list[str]:
    """The states of all chunks on screen."""
    return [chunk.state for chunk in chunks.latest.chunks] if chunks.latest else []


@pytest.fixture(scope="module")
def ward(timescale: Timescale) -> Timescale:
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set client_min_messages = warning")
        for statement in WARD.split(";\n"):
            connection.execute(statement.encode())
    return timescale


async def test_chunks_a_policy_and_a_range(ward: Timescale, home: Path) -> None:
    """Marked chunks are compressed one after the other, those up to the cursor dropped; what is left is refreshed."""
    async with driven(ward.target()) as pane:
        chunks = await pane.open("visits")
        await pane.press("g", "space", "space", "space", "C")
        said = await pane.asked()
        assert "Compress 3 chunks, one after the other" in said
        assert said.count("compress_chunk(") == 3
        await pane.press("y")
        await until(pane.pilot, lambda: isinstance(pane.app.screen, WorkScreen))
        course = pane.app.screen.query_one(WorkView)._course
        await until(pane.pilot, lambda: course.ended)
        assert course.told()[0] == "● 3 of 3 done."
        await pane.press("enter")
        await until(pane.pilot, lambda: states(chunks) == ["compressed"] * 3 + ["uncompressed"] * 7)
        await pane.press("g", "O")
        assert "decompress_chunk(" in await pane.asked()
        await pane.press("y")
        await pane.told("It is not compressed.")
        await pane.press("g", "j", "X")
        said = await pane.asked()
        assert "Drop 2 chunks of public.visits that are older than 2025-01-16" in said
        assert "rows" in said
        await pane.answer("no longer needed", "visits")
        await pane.told("2 chunks dropped, with 2 rows.")
        await until(pane.pilot, lambda: chunks.latest is not None and len(chunks.latest.chunks) == 8)
        await pane.press("escape")
        await pane.turn("hypertables")
        await pane.at("visits")
        await pane.press("C")
        await pane.value("30 days")
        assert "add_compression_policy(" in await pane.asked()
        await pane.press("y")
        await pane.told("does it, every")
        await pane.turn("aggregates")
        await pane.at("weekly")
        await pane.press("R")
        await pane.value("2024-01-01 .. 2025-03-01")
        said = await pane.asked()
        assert "refresh_continuous_aggregate(" in said
        assert '\'"public"."weekly"\'::regclass, \'2025-01-16' in said
        await pane.press("y")
        await pane.told("Refreshed: 2025-01-16")
        await pane.turn("retention")
        await pane.at("visits")
        await pane.press("X")
        await pane.value("soon")
        await pane.told("That is no span of time.")


async def test_a_hold_is_placed_seen_and_released(pg18_migrated: str, home: Path) -> None:
    """Nothing of it while the window is closed; audit rows below the floor are refused before anything is asked."""
    async with driven(target(pg18_migrated), writable=False) as pane:
        await pane.open("audit_logs")
        await pane.press("X", "I", "C")
        await pane.turn("retention")
        await pane.press("H", "L", "X")
        await pane.turn("aggregates")
        await pane.press("R", "P")
        assert not isinstance(pane.app.screen, (ConfirmScreen, ValueScreen))
        await pane.unlock()
        await pane.turn("hypertables")
        await pane.press("g", "X")
        await pane.told("six years (2,192 days) at least")
        assert not isinstance(pane.app.screen, ConfirmScreen)
        await pane.turn("retention")
        await pane.at("audit_logs")
        await pane.press("H")
        await pane.value("case 17")
        assert "emr_console.hold" in await pane.asked()
        await pane.answer("a subpoena")
        await pane.press("right", "enter")
        await pane.told('the hold "case 17" stands')
        table = pane.app.query_one(StoragePane).shown.query(LineTable).first()
        await until(pane.pilot, lambda: table.rows.current is not None and bool(table.rows.current.holds))
        await pane.press("L")
        await pane.asked()
        await pane.answer("case closed", "case 17")
        await pane.told("is released")
    assert one(pg18_migrated, "select release_reason from emr_console.hold") == "case closed"


async def test_partitions_are_dropped_one_after_the_other(
    pg18_migrated: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What TimescaleDB alone could do is refused before a value is asked for; what takes its time is told meanwhile."""
    monkeypatch.setattr(acting, "STILL", 0.05)
    ask(pg18_migrated, PARTITIONED)
    ask(pg18_migrated, SLOW)
    async with driven(target(pg18_migrated)) as pane:
        await pane.open("visits")
        await pane.press("g", "j", "C")  # partitions are never compressed
        await pane.press("X")
        said = await pane.asked()
        assert "Drop 2 partitions, one after the other" in said
        assert "731" in said
        await pane.answer("no longer needed", "visits")
        await until(pane.pilot, lambda: isinstance(pane.app.screen, WorkScreen))
        course = pane.app.screen.query_one(WorkView)._course
        await until(pane.pilot, lambda: course.ended)
        assert course.told()[0] == "● 2 of 2 done."
        await pane.press("enter")
        await until(pane.pilot, lambda: len(pane.app.screen_stack) == 1)
        await pane.press("escape")
        await pane.turn("hypertables")
        await pane.at("visits")
        await pane.press("C")
        await pane.told("Policies need TimescaleDB")
        assert len(pane.app.screen_stack) == 1
        await pane.turn("aggregates")
        await pane.at("slow")
        await pane.press("R")
        await pane.asked()
        await pane.press("y")
        await pane.told("At work for")
        await pane.told("public.slow is refreshed.")
    assert one(pg18_migrated, "select count(*) from visits") == 269


async def test_who_has_gone_on_meanwhile_is_not_asked(pg18_migrated: str, home: Path) -> None:
    """The question would come up above another list, or amid a word."""
    ask(pg18_migrated, PARTITIONED)
    async with driven(target(pg18_migrated)) as pane:
        chunks = await pane.open("visits")
        for keys, typed in ((["slash", "y"], "y"), (["escape", "t"], "")):
            await pane.press("g", "j")
            with psycopg.connect(pg18_migrated) as other:
                other.execute("lock table visits_2024")
                await pane.press("X", *keys)
            await until(pane.pilot, lambda: not [each for each in pane.app.workers if each.group == "change"])
            await pane.press("y")
            assert not isinstance(pane.app.screen, ConfirmScreen)
            assert chunks.query_one(Entry).value == typed * 2
            await pane.press("enter")
