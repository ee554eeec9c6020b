"""Going back in time in a recording."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

from console.errors import ConnectionFailed
from console.panes.audit.view import AuditPane
from console.panes.locks.view import LocksPane
from console.panes.patients.view import PatientsPane
from console.panes.sessions.view import SessionsPane
from console.recorded import RECORDED
from console.replay import ReplayApp
from console.services.history.models import Limits, Moment, Part
from console.services.history.reading import Reader
from console.services.history.recorded import failed
from console.services.history.timeline import Replay
from console.services.history.writing import Writer
from console.ui.commands import available, listed_by
from console.ui.detail import DetailScreen
from console.ui.header import Header
from console.ui.notice import Notice, State
from console.ui.pane import Pane
from console.ui.panebar import Panes
from console.ui.table import LineTable
from tests.panes import looks
from tests.panes.locks import looks as locks_looks
from tests.panes.test_looks import Compare
from tests.ui.waiting import drawn, until

NIGHT = looks.NIGHT
SIZE = (80, 24)


def recorded(minute: int) -> Moment:
    """What the panes showed in a minute of the night; in one of them the server was away."""
    at = NIGHT + timedelta(minutes=minute)
    if minute == 20:
        away = failed(ConnectionFailed("Cannot connect to dba@db2/emr: Connection refused."))
        return Moment(at, {pane.name: away for pane in RECORDED})
    busy = 5 <= minute < 15
    answers = {"sessions": looks.busy(), "locks": locks_looks.busy() if busy else locks_looks.calm()}
    parts = {pane.name: pane.packed(answers[pane.name]) for pane in RECORDED if pane.name in answers}
    return Moment(at, parts, blocked=7 if busy else 0, connections=14)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half an hour, a moment a minute."""
    path = tmp_path_factory.mktemp("night") / "night"
    with Writer(path, asdict(looks.HERE), "db2:5432/emr", Limits()) as writer:
        for minute in range(30):
            writer.add(recorded(minute))
    return path


class TwoPanes(ReplayApp):
    """With two panes only, so that a new pane changes no picture."""

    PANES: ClassVar[Panes] = (SessionsPane, LocksPane)


def replaying(reader: Reader, minute: int, start: str = "locks", kind: type[ReplayApp] = ReplayApp) -> ReplayApp:
    """The console on the recording."""
    at = NIGHT + timedelta(minutes=minute)
    environ = {"TERM": "xterm", "LANG": "C.UTF-8"}
    return kind(Replay(reader, RECORDED), reader.about, at=at, start=start, environ=environ)


@asynccontextmanager
async def at(night: Path, minute: int, start: str = "locks") -> AsyncIterator[tuple[ReplayApp, Pilot[Any]]]:
    """The console on a minute of it."""
    with Reader(night) as reader:
        app = replaying(reader, minute, start)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: bool(app.query(Pane)) and shown(app).state is not State.LOADING)
            yield app, pilot


def shown(app: ReplayApp) -> Pane[Any, Any]:
    """The pane on screen."""
    return app.shown


def header(app: ReplayApp) -> str:
    """The first line."""
    return "".join(piece.text for piece in app.query_one(Header).line(0).pieces)


def moment(app: ReplayApp) -> int:
    """The minute of the night that is on screen."""
    assert app.past is not None
    return int((app.past.moment - NIGHT).total_seconds() // 60)


async def test_what_was_on_the_pane_is_there_again(night: Path) -> None:
    async with at(night, 5) as (app, pilot):
        assert "AS OF 2026-03-14 03:12:00 UTC" in header(app)
        table: LineTable[Any] = shown(app).query(LineTable).first()
        assert table.rows.all[0].party in locks_looks.busy().parties
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: shown(app).state is State.EMPTY)
        assert "03:11:00" in header(app)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: shown(app).state is State.DATA)
        assert moment(app) == 6


async def test_it_can_be_gone_through_by_minutes_and_by_the_clock(night: Path) -> None:
    async with at(night, 29) as (app, pilot):
        await pilot.press("left_curly_bracket")
        assert moment(app) == 28
        await pilot.press("right_curly_bracket", "right_square_bracket")
        assert moment(app) == 29, "the last one"
        await pilot.press("at", *"03:12", "enter")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert moment(app) == 5
        await pilot.press("at", *"-1h", "enter")
        await until(pilot, lambda: moment(app) == 0)
        await pilot.press("at", *"noon", "enter", "escape")
        assert moment(app) == 0
        await pilot.press("r")
        assert moment(app) == 29


async def test_another_pane_shows_the_same_moment(night: Path) -> None:
    async with at(night, 10) as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: shown(app).NAME == "sessions" and shown(app).state is State.DATA)
        await pilot.press("left_square_bracket", "3")
        await until(pilot, lambda: shown(app).NAME == "locks")
        assert moment(app) == 9
        assert shown(app).state is State.DATA


UNRECORDED = ("migrations", "audit", "patients", "statements")


async def show(app: ReplayApp, pilot: Pilot[Any], name: str) -> None:
    """Go to a pane, and wait until it shows what it has."""
    await app.action_show_pane(name)
    await until(pilot, lambda: name == shown(app).NAME and shown(app).state is not State.LOADING)


async def test_what_is_not_there_is_said(night: Path) -> None:
    async with at(night, 20) as (app, pilot):
        away = "At that moment there was no answer. Cannot connect to dba@db2/emr: Connection refused."
        assert shown(app).query_one(Notice).text == away
        app.show_moment(NIGHT + timedelta(minutes=10))
        for pane in UNRECORDED:
            await show(app, pilot, pane)
            assert shown(app).state is State.UNAVAILABLE
            assert shown(app).query_one(Notice).text == "This pane was not recorded."


async def test_no_key_changes_anything(night: Path) -> None:
    async with at(night, 10) as (app, pilot):
        for pane in ("sessions", "locks", *UNRECORDED):
            await show(app, pilot, pane)
            offered = [offer.command for offer in available(app.screen)]
            assert not [c.id for c in offered if c.dangerous or c.asks or c.id == "app.window"], pane
            await pilot.press("U", "K", "C", "p")
            await drawn(app.screen)
            assert len(app.screen_stack) == 1
            assert app.database.pids == frozenset()


EVERYWHERE = {key for command in listed_by(ReplayApp) for key in command.keys.split(",")} | {"ctrl+c"}
PHI_KEYS = sorted({key for pane in (AuditPane, PatientsPane) for command in (*listed_by(pane), *pane.MORE)
                   for key in command.keys.split(",") if key} - EVERYWHERE)  # fmt: skip
"""Every key of the panes that show patients' data: of their tabs, their pages and their lines to type into."""


async def test_no_key_of_panes_with_patients_data_does_anything(night: Path) -> None:
    """They are not recorded, and nothing is searched, revealed, exported, decided or sealed."""
    assert {"slash", "P", "v", "e", "V", "L", "a", "O"} <= set(PHI_KEYS)
    async with at(night, 10) as (app, pilot):
        for pane in ("audit", "patients"):
            await show(app, pilot, pane)
            offered = {offer.command.group for offer in available(app.screen)}
            assert offered <= {"General", "This pane", "Panes", "Earlier moments"}
            await pilot.press(*PHI_KEYS)
            await drawn(app.screen)
            assert len(app.screen_stack) == 1
            assert shown(app).query_one(Notice).text == "This pane was not recorded."
            assert app.database.pids == frozenset()


async def test_a_row_opens_with_what_was_recorded(night: Path) -> None:
    async with at(night, 10) as (app, pilot):
        for pane in ("sessions", "locks"):
            await show(app, pilot, pane)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            assert not [offer.command.id for offer in available(app.screen) if offer.command.asks]
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_what_was_written_meanwhile_comes_after_the_last_moment(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, asdict(looks.HERE), "t", Limits()) as writer:
        writer.add(recorded(0))
        async with at(path, 0) as (app, pilot):
            await pilot.press("right_square_bracket")
            assert moment(app) == 0
            writer.add(recorded(1))
            await pilot.press("right_square_bracket")
            assert moment(app) == 1


async def test_a_recording_of_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, asdict(looks.HERE), "t", Limits()) as writer:
        writer.add(Moment(NIGHT, {"locks": Part(b'{"as_of": 1, "trees": []}')}))
    async with at(path, 0) as (app, _):
        assert "Another version" in shown(app).query_one(Notice).text


def test_a_recording_looks_so(snap_compare: Compare, night: Path) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, ReplayApp)
        await until(pilot, lambda: bool(app.query(Pane)) and shown(app).state is State.DATA)

    with Reader(night) as reader:
        assert snap_compare(replaying(reader, 10, kind=TwoPanes), terminal_size=SIZE, run_before=run)
