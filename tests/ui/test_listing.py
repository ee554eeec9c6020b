"""A list that is narrowed down while it is refreshed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from console.ui import narrowing, slices
from console.ui.columns import Column
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.listing import Listing
from console.ui.narrowing import matching
from console.ui.patterns import TooSlow
from tests.ui.sample import COLUMNS, Row, rows
from tests.ui.waiting import until


class ListingHost(App[None]):
    """A list alone."""

    def __init__(self, shown: Sequence[Row], columns: Sequence[Column[Row]] = COLUMNS) -> None:
        super().__init__()
        self.listing: Listing[Row] = Listing(
            columns, key=lambda row: row.pid, pinned=lambda row: row.blocks > 0, pinned_as="blocker"
        )
        self.shown = shown

    def compose(self) -> ComposeResult:
        yield self.listing
        yield Footer()

    def on_mount(self) -> None:
        self.listing.show(self.shown)

    def said(self, kind: str) -> str:
        return str(self.listing.query_one(f".{kind}", Static).content)

    @property
    def entry(self) -> Entry:
        return self.listing.entry

    @property
    def pids(self) -> list[int]:
        return [row.pid for row in self.listing.table.rows.shown]


async def typed(host: ListingHost, pilot: Pilot[Any], text: str, outcome: str) -> None:
    """Type a filter, and wait until its outcome is said."""
    await pilot.press("/")
    host.entry.value = text
    await until(pilot, lambda: host.said("outcome") == outcome)


async def test_it_narrows_counts_and_goes_back() -> None:
    host = ListingHost(rows(30))
    async with host.run_test(size=(80, 24)) as pilot:
        await typed(host, pilot, "state:idle", "10 of 30")
        assert {row.state for row in host.listing.table.rows.shown} == {"idle"}
        await pilot.press("enter")
        assert host.focused is host.listing.table
        assert host.said("outcome") == "10 of 30"
        await pilot.press("escape")
        assert len(host.pids) == 30
        assert not host.entry.is_on_screen


async def test_the_last_good_filter_stays_on_a_mistake() -> None:
    host = ListingHost(rows(30))
    async with host.run_test(size=(80, 24)) as pilot:
        await typed(host, pilot, "state:idle", "10 of 30")
        host.entry.value = "state:idle age:x"
        await until(pilot, lambda: host.said("hint").startswith("✖"))
        assert host.said("hint") == '✖ at 16: "x" is not a time span; 30s, 5m, 2h and 7d are.'
        assert len(host.pids) == 10
        host.listing.show(rows(60))
        await until(pilot, lambda: host.said("outcome") == "20 of 60")
        await pilot.press("enter")
        assert host.focused is host.entry, "the sentence must not go before it was read"
        assert host.said("hint").startswith("✖")


async def test_a_mistake_is_wholly_readable() -> None:
    host = ListingHost(rows(30))
    async with host.run_test(size=(60, 15)) as pilot:
        await pilot.press("/")
        host.entry.value = "a_field_that_nobody_ever_had:" + "x" * 100
        hint = host.listing.query_one(".hint", Static)
        await until(pilot, lambda: hint.has_class("-wrong") and hint.size.height > 1)
        drawn = " ".join(hint.render_line(y).text.strip() for y in range(hint.size.height))
        assert drawn == (
            '✖ at 1: There is no field "a_field_that_nobody_ever_had"; there are pid, user, state, age, statement.'
        )


async def test_it_says_which_fields_there_are_and_what_they_take() -> None:
    host = ListingHost(rows(3))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        hint = host.listing.query_one(".hint", Static)
        await until(pilot, lambda: hint.is_on_screen)
        assert host.said("hint") == "fields: pid user state age statement"
        await pilot.press("s", "t")
        await until(pilot, lambda: host.said("hint") == "fields: state statement")
        host.entry.value = "age>"
        await until(pilot, lambda: host.said("hint").startswith("✖ at 5: A value is missing: age>30s  age<=5m"))
        host.entry.value = "age>3"
        await until(pilot, lambda: host.said("hint").startswith("age>30s  age<=5m"))
        await pilot.press("enter")
        await until(pilot, lambda: not hint.display)


async def test_the_last_line_names_the_keys_that_work_while_typing() -> None:
    host = ListingHost(rows(3))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        footer = host.query_one(Footer)
        await until(pilot, lambda: footer.render_line(0).text.strip() == "enter keep  esc clear filter")


async def test_pinned_rows_stay_and_are_counted_apart() -> None:
    shown = rows(8)
    shown[1], shown[4] = replace(shown[1], blocks=5), replace(shown[4], blocks=1)
    host = ListingHost(shown)
    async with host.run_test(size=(80, 24)) as pilot:
        await typed(host, pilot, "nothing_like_this", "0 of 8, 2 blockers kept")
        assert host.pids == [1001, 1004]
        host.entry.value = "pid:1001"
        await until(pilot, lambda: host.said("outcome") == "1 of 8, 1 blocker kept")
        host.entry.value = "pid:1001,1002,1004"
        await until(pilot, lambda: host.said("outcome") == "3 of 8")
        assert host.pids == [1001, 1002, 1004], "in their own order"


async def test_a_key_after_a_filter_means_a_row_that_fits() -> None:
    """A row that only stands there because it must stay in sight is not the one that was looked for."""
    shown = rows(8)
    shown[0] = replace(shown[0], blocks=5)
    host = ListingHost(shown)
    async with host.run_test(size=(80, 24)) as pilot:
        await typed(host, pilot, "pid:1003", "1 of 8, 1 blocker kept")
        assert host.pids == [1000, 1003]
        await until(pilot, lambda: host.listing.table.rows.current == shown[3])
        await pilot.press("enter", "up")
        host.listing.show([*shown[:1], *rows(8)[1:]])
        await until(pilot, lambda: host.listing.table.rows.current == shown[0])


async def test_a_filter_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", -1.0)
    monkeypatch.setattr(narrowing, "PATIENCE", 0.0)
    host = ListingHost(rows(30))
    async with host.run_test(size=(80, 24)) as pilot:
        await typed(host, pilot, "state:idle", "30 of 30")
        await until(pilot, lambda: host.said("hint") == "✖ This filter takes too long on 30 rows. All rows are shown.")
        assert len(host.pids) == 30


async def test_a_mistake_of_ours_is_said_without_its_data() -> None:
    def broken(row: Row) -> str:
        raise KeyError("Jane Doe")

    column = Column[Row](id="name", title="name", value=lambda row: None, drawn=lambda row: "x", width=9)
    host = ListingHost(rows(3), [column])
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        host.listing.table.columns = [replace(column, value=broken)]
        host.entry.value = "x"
        await until(pilot, lambda: "(KeyError at test_listing.py:" in host.said("hint"))
        assert "Doe" not in host.said("hint")


async def test_others_come_between_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", -1.0)
    heard: list[int] = []

    async def listen() -> None:
        for n in range(5):
            heard.append(n)
            await asyncio.sleep(0)

    found, _ = await asyncio.gather(
        matching(range(10), lambda row: row % 2 == 0 and len(heard) >= min(row, 5)), listen()
    )
    assert found == [0, 2, 4, 6, 8]


async def test_rows_that_come_while_it_works_are_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE", -1.0)
    host = ListingHost(rows(30))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("/")
        host.entry.value = "state:idle"
        await until(pilot, lambda: host.listing._narrowing is not None)
        host.listing.show(rows(60))
        host.listing.show(rows(90))
        await until(pilot, lambda: host.said("outcome") == "30 of 90")
        assert len(host.pids) == 30


async def test_patience_counts_work_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(slices, "monotonic", lambda: now[0])

    async def waited(seconds: float) -> None:
        now[0] += 100  # somebody else's time

    def works(row: int) -> bool:
        now[0] += slices.SLICE * 2
        return True

    monkeypatch.setattr(slices, "sleep", waited)
    assert len(await matching(range(100), works)) == 100
    with pytest.raises(TooSlow):
        await matching(range(1000), works)
