"""The storage pane on a real server: down to the chunks, what their keys do, and a table that goes meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from console.db.database import Database
from console.panes.storage.chunk_rows import measured_text
from console.panes.storage.chunks import ChunksPane
from console.panes.storage.tables import HypertableListPane
from console.panes.storage.view import StoragePane
from console.services.storage.chunks import Chunk
from console.services.storage.exact import Exact
from console.ui.detail import DetailScreen
from console.ui.notice import Notice, State
from tests.migrate.working import ask
from tests.panes import looks
from tests.panes.storage import looks as storage_looks
from tests.targets import target
from tests.ui.waiting import until

WARD = """
create table beds (at timestamptz not null, ward int) partition by range (at);
create table beds_2025 partition of beds for values from ('2025-01-01') to ('2026-01-01');
create table beds_2026 partition of beds for values from ('2026-01-01') to ('2027-01-01');
insert into beds select timestamptz '2025-01-01Z' + n * interval '1 day', n from generate_series(1, 500) n;
vacuum analyze
"""


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Pilot[Any]]:
    """The console with the storage pane alone, showing the partitions of the only table."""
    for statement in WARD.split(";\n"):
        ask(dsn, statement)
    app = looks.console(StoragePane)
    app.database = Database(target(dsn))
    async with app.database, app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.query(HypertableListPane)))
        await until(pilot, lambda: app.query_one(HypertableListPane).state is State.DATA)
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.query(ChunksPane)))
        await until(pilot, lambda: app.query_one(ChunksPane).state is State.DATA)
        yield pilot


async def page(pilot: Pilot[Any]) -> str:
    """What is written on the page that opens."""
    await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
    return "\n".join(str(each.render()) for each in pilot.app.screen.query("Static, Facts"))


async def test_a_chunk_is_told_and_measured_until_its_table_goes(pg18_database: str) -> None:
    async with opened(pg18_database) as pilot:
        await pilot.press("j", "d")
        text = await page(pilot)
        assert "PARTITION OF public.beds FOR VALUES FROM ('2026-01-01 00:00:00+00')" in text
        assert "about 136" in text
        await pilot.press("escape", "k", "space", "space", "m")
        text = await page(pilot)
        assert [line.split()[-1] for line in text.splitlines() if line.startswith("beds_")] == ["364", "136"]
        assert not pilot.app.query_one(ChunksPane).query_one(Notice).text
        await pilot.press("escape", "escape")
        await until(pilot, lambda: not pilot.app.query_one(ChunksPane).display)
        await pilot.press("D")
        assert "PARTITION BY RANGE (at)" in await page(pilot)
        await pilot.press("escape", "enter")
        pane = pilot.app.query_one(ChunksPane)
        await until(pilot, lambda: pane.display and pane.state is State.DATA)
        ask(pg18_database, "drop table beds")
        await pilot.press("r")
        await until(pilot, lambda: pane.state is State.STALE)
        assert "The table beds is gone" in pane.query_one(Notice).text
        await pilot.press("escape")
        tables = pilot.app.query_one(HypertableListPane)
        await until(pilot, lambda: tables.state is State.EMPTY)
        assert "No table here is a hypertable" in tables.query_one(Notice).text


def test_exact_figures_stand_on_the_narrowest_page() -> None:
    part = storage_looks.part(7, looks.NIGHT, compressed=False)
    part = part.model_copy(update={"chunk_name": "audit_log_details_p20260312_and_what_was_aside"})
    head, line = measured_text([Exact(Chunk(part, "uncompressed"), 2**41, 9_999_999_999)]).splitlines()
    assert len(head) == len(line) == 75
    assert line.split() == ["audit_log_details_p2026031…", "2.00", "TB", "9,999,999,999", "9.01", "MB", "27,251"]
