"""The last line warns, moves nothing, and is quiet about what a person has seen."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from textual.pilot import Pilot

from console.ui.alarms import Alarmed, Alarms
from console.ui.footer import Footer
from console.ui.notice import State
from tests.ui.sample import SampleConsole, SamplePane, Source, console, rows
from tests.ui.waiting import until


@dataclass(frozen=True)
class Wrong:
    """Something that is."""

    kind: str
    critical: bool = False
    text: str = "88 of 97 connections used"
    pane: str = "migrations"


FULL, OLD = Wrong("connections"), Wrong("transaction", critical=True, text="a transaction is 2 h old", pane="locks")


def test_each_is_shown_until_it_is_seen_and_again_when_it_comes_back_or_gets_critical() -> None:
    alarms = Alarms()
    alarms.stand([OLD, FULL])
    assert [piece.text for piece in alarms.pieces()] == [" ✖ a transaction is 2 h old, 1 more  "]
    assert alarms.dismiss() is OLD
    assert alarms.shown is FULL
    alarms.dismiss()
    alarms.stand([OLD, FULL])
    assert alarms.dismiss() is None
    assert alarms.pieces() == []
    worse = Wrong("connections", critical=True)
    alarms.stand([worse])
    assert alarms.shown is worse
    alarms.stand([])
    alarms.stand([OLD])
    assert alarms.shown is OLD


async def ready(pilot: Pilot[Any]) -> SampleConsole:
    app = pilot.app
    assert isinstance(app, SampleConsole)
    await until(pilot, lambda: bool(app.query(SamplePane)) and app.query(SamplePane).first().state is State.DATA)
    await until(pilot, lambda: app.focused is app.query(SamplePane).first().table)
    await until(pilot, lambda: app.query(SamplePane).first().table.is_on_screen)
    return app


def footer(app: SampleConsole) -> str:
    return app.query(Footer).first().render_line(0).text.strip()


@pytest.mark.parametrize("columns", [80, 120])
async def test_it_takes_the_place_of_hints_and_nothing_moves(columns: int) -> None:
    async with console(Source(lambda: rows(40))).run_test(size=(columns, 24)) as pilot:
        app = await ready(pilot)
        table, hints = app.query(SamplePane).first().table, footer(app)
        before = table.region
        assert "…" not in hints
        app.post_message(Alarmed([FULL]))
        await until(pilot, lambda: footer(app).startswith("▲ 88 of 97 connections used  ! look  . seen  enter open"))
        assert table.region == before
        assert "? help" in footer(app)
        await pilot.press(".")
        await until(pilot, lambda: footer(app) == hints)


async def test_it_leads_to_its_pane_where_there_is_one() -> None:
    async with console(Source(lambda: rows(3))).run_test(size=(80, 24)) as pilot:
        app = await ready(pilot)
        app.post_message(Alarmed([OLD, FULL]))
        await until(pilot, lambda: "1 more" in footer(app))
        await pilot.press("!")  # there is no such pane here
        await until(pilot, lambda: footer(app).startswith("▲ 88"))
        await pilot.press("!")
        await until(pilot, lambda: app._switcher.current == "migrations")
        assert "▲" not in footer(app)


async def test_a_long_one_is_cut_rather_than_its_keys() -> None:
    long = replace(FULL, text="this server has become a standby, which takes no writes, and more than that")
    async with console(Source(lambda: rows(3))).run_test(size=(60, 15)) as pilot:
        app = await ready(pilot)
        app.post_message(Alarmed([long]))
        await until(pilot, lambda: footer(app).endswith("…  ! look  . seen  ? help"))
