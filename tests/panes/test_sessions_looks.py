"""How the sessions pane's own screens look, compared with pictures that were looked at and accepted."""

from typing import Any

import pytest
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.config.settings import POOLS
from console.errors import NoPrivilege
from console.panes.sessions.connections import connections_page
from console.panes.sessions.detail import SessionScreen
from console.panes.sessions.looking import Found
from console.panes.sessions.models import Session
from console.panes.sessions.service import subject
from console.services.locking.models import Held
from console.shared.stopping import question
from console.sql.lexer import mask
from console.ui.confirm import ConfirmScreen
from console.ui.notice import State
from console.ui.working import Outcome, Step, WorkScreen
from tests.panes import looks
from tests.panes.test_looks import Compare, when

SHOWN = looks.busy()
SMALL, LARGE = (80, 24), (120, 40)


def app() -> ConsoleApp:
    """The console on a busy night."""
    return looks.console(looks.sessions())


def pid(number: int) -> Session:
    """One of its sessions."""
    return next(session for session in SHOWN.sessions if session.backend.pid == number)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_the_question_before_one_is_terminated(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ask(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        asked = question(pilot.app.database, "terminate", [subject(pid(4711))])  # type: ignore[attr-defined]
        await pilot.app.push_screen(ConfirmScreen(asked))

    assert snap_compare(app(), terminal_size=size, run_before=ask)


def test_the_question_before_several_are_terminated(snap_compare: Compare) -> None:
    async def ask(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        several = [subject(session) for session in SHOWN.sessions[:6]]
        await pilot.app.push_screen(ConfirmScreen(question(pilot.app.database, "terminate", several)))  # type: ignore[attr-defined]

    assert snap_compare(app(), terminal_size=SMALL, run_before=ask)


def test_several_were_terminated(snap_compare: Compare) -> None:
    async def gone() -> Outcome:
        return Outcome("it is gone.")

    async def refused() -> Outcome:
        raise NoPrivilege(
            "dba may not terminate pid 4802.",
            state="Nothing was signalled.",
            hint='A superuser can allow it: GRANT pg_signal_backend TO "dba";',
        )

    steps = [Step("pid 4711, emr_app@emr, emr-integration", gone), Step("pid 4802, emr_app@emr", refused)]

    async def work(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        await pilot.app.push_screen(WorkScreen("Terminate 2 sessions", steps, clock=lambda: 0.0))

    assert snap_compare(app(), terminal_size=SMALL, run_before=work)


def held(mode: str, **known: object) -> Held:
    """One of 41 locks."""
    unknown = dict.fromkeys(Held.model_fields) | {"granted": True, "total": 41}
    return Held.model_validate(unknown | {"mode": mode} | known)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_one_session(snap_compare: Compare, size: tuple[int, int]) -> None:
    locks = [
        held("ShareLock", lock_type="transactionid", transaction="5068", waited=96.0, granted=False),
        held("RowExclusiveLock", lock_type="relation", relation="public.tasks"),
        held("AccessShareLock", lock_type="relation", relation="public.users"),
    ]

    async def look(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        found = Found(mask(looks.NOTE), locks)
        await pilot.app.push_screen(SessionScreen(pilot.app.database, pid(4802), SHOWN, found))  # type: ignore[attr-defined]

    assert snap_compare(app(), terminal_size=size, run_before=look)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_connections(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def look(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        await pilot.app.push_screen(connections_page(SHOWN, "emr", POOLS["staging"]))

    assert snap_compare(app(), terminal_size=size, run_before=look)


def test_the_keys_of_the_write_window(snap_compare: Compare) -> None:
    async def open_window(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        for pane in pilot.app.query("Pane"):
            pane.writable = True  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(app(), terminal_size=SMALL, run_before=open_window)
