"""The audit pane on a real server: the twelve questions, and nothing unmasked on any screen before a reveal."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from textual.pilot import Pilot

from console.db.database import Database
from console.db.session import Session
from console.demo.generate import moments, service
from console.demo.server import Cluster
from console.identity import identify
from console.panes.audit.event_screen import EventScreen
from console.panes.audit.view import AuditPane
from console.ui.choosing import ListScreen
from console.ui.notice import State
from console.ui.value import ValueScreen
from tests.fixtures.databases import fresh, template
from tests.fixtures.running import complete
from tests.migrate.working import ask
from tests.panes import looks
from tests.panes.test_audit_looks import pane, typed
from tests.services.audit.logging import event, write
from tests.targets import target
from tests.ui.waiting import drawn, until

PERSONAL = "first_name, last_name, mrn, phone, email, emr_patient_id, date_of_birth::text"
LATELY = """select username from users u join audit_logs a on a.user_id = u.id
             where a.created_at > now() - interval '20 days' order by a.created_at desc limit 1"""
SESSION, REQUEST = UUID(int=5), UUID(int=6)


@pytest.fixture(scope="module")
def hospital(pg18: Cluster) -> Iterator[str]:
    """Half a year of a small made-up hospital, with one change whose every field holds a patient's data."""
    with fresh(pg18, template(pg18)) as dsn, pytest.MonkeyPatch.context() as patch:
        patch.setattr(moments, "SPAN", 182 * moments.DAY)
        complete(_fill(dsn))
        write(dsn, [_careless(dsn)])
        yield dsn


async def _fill(dsn: str) -> None:
    where = target(dsn)
    async with await Session.open(where, "test", settings=service.SETTINGS) as session:
        await service.generate(session, where, service.Options(scale=0.0005), lambda _table, _sent: None)


def _careless(dsn: str) -> dict[str, object]:
    """An event of an application that writes a patient's data everywhere."""
    id_, *values = ask(dsn, f"select id, {PERSONAL} from patients order by mrn limit 1")[0]
    told = {"note": values, "reason": f"{values[0]} {values[1]} called", str(values[0]): values[2], "status": values[3]}
    changes = {"last_name": {"from": values[1], "to": values[0]}, "address": told} | told
    return event(
        datetime.now(UTC) - timedelta(seconds=1), action="CONFIG_CHANGE", entity_id=id_, session_id=SESSION,
        request_id=REQUEST, emr_system="EPIC", emr_patient_id=values[5], changes=json.dumps(changes, default=str),
        metadata=json.dumps(told, default=str), ip_address="10.2.3.4",
    )  # fmt: skip


@asynccontextmanager
async def console(dsn: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[Any]]:
    """The console on the audit pane."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    app = looks.console(AuditPane, where=target(dsn))
    async with app.run_test(size=(80, 24)) as pilot, app.database:
        await until(pilot, lambda: bool(app.query(AuditPane)) and pane(pilot).state is State.DATA)
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


def personal(dsn: str) -> list[str]:
    """What must not be on a screen."""
    return sorted({str(value) for row in ask(dsn, f"select {PERSONAL} from patients") for value in row if value})


def found_in(text: str, values: list[str]) -> list[str]:
    """Those of the values that stand there as words."""
    return [value for value in values if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", text)]


async def test_the_twelve_questions(hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80x24, one key and one value each; on no screen stands anything of a patient."""
    ((mrn,),) = ask(hospital, "select mrn from patients order by mrn limit 1")
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


async def test_a_reveal_shows_it_and_is_written_down(
    hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((emr_id,),) = ask(hospital, "select emr_patient_id from patients order by mrn limit 1")
    async with console(hospital, tmp_path, monkeypatch) as pilot:
        await inquire(pilot, "Q", str(REQUEST))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EventScreen))
        await pilot.press("v")
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        await typed(pilot, "complaint: letter of 12 May")
        await pilot.press("enter")
        page: Any = pilot.app.screen_stack[1]
        await until(pilot, lambda: page.is_clear)
        assert emr_id in await screen(pilot)
    seen = ask(
        hospital, "select metadata ->> 'reason' from audit_logs where action = 'REVEAL' and user_agent like 'emr-c%'"
    )
    assert seen == [("complaint: letter of 12 May",)]


async def test_esc_stops_a_walk_on_the_server(hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody holds the table a search waits; esc gives it up, and the next one works."""
    async with console(hospital, tmp_path, monkeypatch) as pilot:
        with psycopg.connect(hospital) as blocker:
            blocker.execute("lock table audit_logs in access exclusive mode")
            await pilot.press("X")
            await until(pilot, lambda: bool(pane(pilot)._reach.doing))
            await pilot.press("escape")
            await until(pilot, lambda: not pane(pilot)._reach.doing)
        assert "no row" not in await inquire(pilot, "X", "")


async def test_the_header_says_that_it_is_recorded(hospital: str, pg18_database: str) -> None:
    for dsn, audited in ((hospital, True), (pg18_database, False)):
        async with Database(target(dsn)) as db:
            assert identify(db.target, await db.server()).audited is audited
