"""The audit pane on a real server: the twelve questions, and nothing unmasked on any screen before a reveal."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from textual.pilot import Pilot

from console.db.database import Database
from console.panes.audit import service
from console.panes.audit.event_screen import EventScreen
from console.panes.audit.exporting import ExportScreen, free_name
from console.panes.audit.search_tab import SearchTab
from console.panes.audit.view import AuditPane
from console.services.audit import walk
from console.shared.identity import identify
from console.ui.choosing import ListScreen
from console.ui.confirm import ConfirmScreen
from console.ui.notice import State
from console.ui.value import ValueScreen
from tests.migrate.working import ask
from tests.panes import looks
from tests.panes.audit.searching import pane, typed
from tests.panes.hospital import LATELY, REQUEST, SESSION, found_in, personal
from tests.targets import target
from tests.ui.waiting import drawn, until


@asynccontextmanager
async def console(dsn: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[Any]]:
    """The console on the audit pane."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    app = looks.console(AuditPane, where=target(dsn))
    async with app.run_test(size=(80, 24)) as pilot, app.database:
        await until(pilot, lambda: bool(app.query(SearchTab)) and pane(pilot).state is State.DATA)
        yield pilot


async def inquire(pilot: Pilot[Any], key: str, value: str) -> str:
    """One key and one value; what is on screen then."""
    before = pane(pilot).found
    await pilot.press(key)
    if value:
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        entry = pilot.app.screen.query_one("Answer")
        entry.value = ""  # type: ignore[attr-defined]  # what a row proposes
        await typed(pilot, value)
        await pilot.press("enter")
    await until(pilot, lambda: pane(pilot).found is not before or isinstance(pilot.app.screen, ListScreen))
    await until(pilot, lambda: not pane(pilot)._reach.doing)
    return await screen(pilot)


async def screen(pilot: Pilot[Any]) -> str:
    """All that is on screen."""
    await drawn(pilot.app.screen)
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def test_the_twelve_questions(hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80x24, one key and one value each; nothing of a patient stands there before a reveal, which is written."""
    ((mrn, emr_id),) = ask(hospital, "select mrn, emr_patient_id from patients order by mrn limit 1")
    ((user,),) = ask(hospital, LATELY)
    asked = {
        "P": mrn, "A": user, "O": str(SESSION), "Q": str(REQUEST), "H": "", "B": "", "X": "", "K": "", "N": "",
        "D": mrn, "R": "", "M": "90d",
    }  # fmt: skip
    screens: dict[str, str] = {}
    async with console(hospital, tmp_path, monkeypatch) as pilot:
        for key, value in asked.items():
            screens[key] = await inquire(pilot, key, value)
            if isinstance(pilot.app.screen, ListScreen):
                await pilot.press("escape")
        await inquire(pilot, "O", str(SESSION))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EventScreen))
        screens["detail"] = await screen(pilot)
        await pilot.press("j", "pagedown")
        screens["more"] = await screen(pilot)
        await pilot.press("g", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        await typed(pilot, "complaint: letter of 12 May")
        await pilot.press("enter")
        page: Any = pilot.app.screen_stack[1]
        await until(pilot, lambda: page.is_clear)
        assert emr_id in await screen(pilot)
    hidden = personal(hospital)
    assert {key: found_in(text, hidden) for key, text in screens.items() if found_in(text, hidden)} == {}
    assert "1 row, that is all" in screens["O"]
    assert "1 row, that is all" in screens["Q"]
    assert "CONFIG_CHANGE" in screens["R"]
    assert "LOGIN_FAILED" in screens["N"]
    assert user in screens["A"]
    assert "Days without events" in screens["M"]
    for key in "PHBX":
        assert "no row of the audit log" not in screens[key], key
    searches = ask(hospital, "select metadata ->> 'search' from audit_logs where user_agent like 'emr-console/%' "
                             " and action = 'SEARCH' order by created_at, id")  # fmt: skip
    assert len(searches) == 13
    assert not [search for (search,) in searches if mrn in search]
    revealed = "select metadata ->> 'reason' from audit_logs where action = 'REVEAL' and user_agent like 'emr-c%'"
    assert ask(hospital, revealed) == [("complaint: letter of 12 May",)]


async def test_only_the_last_rows_are_kept(hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand of them are paged through in the memory of a few."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(service, "KEPT", 30)
    async with Database(target(hospital)) as db:
        trail = service.Trail(db)
        found = await trail.begin("since:all")
        whole = [row async for part in walk.parts_of(db, found.begun.ready, 60) for row in part.rows]
        for _ in range(3):
            async for _ in trail.more(found, 20):
                assert len(found.rows) <= 30
    assert (found.rows, found.reach.rows, found.reach.gone) == (whole[30:], 60, 30)


async def test_the_header_says_that_it_is_recorded(hospital: str, pg18_database: str) -> None:
    for dsn, audited in ((hospital, True), (pg18_database, False)):
        async with Database(target(dsn)) as db:
            assert identify(db.target, await db.server()).audited is audited


async def test_a_search_is_exported_from_the_console(
    hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, a reason; the event comes first; the file holds what is on screen, masked."""
    file = tmp_path / "march.jsonl"
    async with console(hospital, tmp_path, monkeypatch) as pilot:
        await inquire(pilot, "O", str(SESSION))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        pilot.app.screen.query_one("Answer").value = "march.txt"  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "It ends in one of .csv" in await screen(pilot)
        (tmp_path / "may.masked.csv").touch()
        pilot.app.screen.query_one("Answer").value = str(tmp_path / "may.csv")  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert "is there already" in await screen(pilot)
        pilot.app.screen.query_one("Answer").value = str(file)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        assert "march.masked.jsonl" in "".join((await screen(pilot)).split())
        await typed(pilot, "yearly review of a session")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportScreen) and pilot.app.screen.ended)
        assert "1 row," in await screen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    written = (tmp_path / "march.masked.jsonl").read_text()
    assert (written.count("\n"), found_in(written, personal(hospital))) == (1, [])
    outcomes = ask(hospital, "select metadata ->> 'outcome' from audit_logs where action = 'EXPORT' and metadata ->> "
                             "'reason' = 'yearly review of a session' order by created_at, id")  # fmt: skip
    assert outcomes == [("begun",), ("complete",)]


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "audit-2026-03-14.masked.csv").touch()
    assert free_name(date(2026, 3, 14)) == "~/audit-2026-03-14-2.csv"


async def test_a_walk_and_an_export_are_stopped_on_the_server(
    hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody holds a table both wait; what was given up leaves the way free for the next search."""
    async with console(hospital, tmp_path, monkeypatch) as pilot:
        with psycopg.connect(hospital) as blocker:
            blocker.execute("lock table audit_logs in access exclusive mode")
            await pilot.press("X")
            await until(pilot, lambda: bool(pane(pilot)._reach.doing))
            await pilot.press("escape")
            await until(pilot, lambda: not pane(pilot)._reach.doing)
        assert "no row" not in await inquire(pilot, "X", "")
        with psycopg.connect(hospital) as blocker:
            found = await pane(pilot)._trail.begin("action:export since:90d")
            write_ = partial(pane(pilot)._trail.export, found, tmp_path / "x.csv", "csv", "yearly review of exports")
            blocker.execute("lock table users in access exclusive mode")
            shown = ExportScreen(write_)
            await pilot.app.push_screen(shown)
            await until(pilot, lambda: (tmp_path / "x.masked.csv.partial").exists())
            await pilot.press("C")
            await until(pilot, lambda: shown.ended)
            assert "marked as incomplete" in await screen(pilot)
    assert not (tmp_path / "x.masked.csv").exists()
    told = json.loads((tmp_path / "x.masked.csv.partial.manifest.json").read_text())
    assert (told["complete"], told["rows"]) == (False, 0)
