"""How the sessions pane's own screens look, compared with pictures that were looked at and accepted."""

from typing import Any

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
from console.ui.working import Outcome, Step, WorkScreen
from tests.panes import looks
from tests.panes.pictures import LARGE, SMALL, Picture, opened

SHOWN = looks.busy()


def pid(number: int) -> Session:
    """One of its sessions."""
    return next(session for session in SHOWN.sessions if session.backend.pid == number)


def held(mode: str, **known: object) -> Held:
    """One of 41 locks."""
    unknown = dict.fromkeys(Held.model_fields) | {"granted": True, "total": 41}
    return Held.model_validate(unknown | {"mode": mode} | known)


LOCKS = [
    held("ShareLock", lock_type="transactionid", transaction="5068", waited=96.0, granted=False),
    held("RowExclusiveLock", lock_type="relation", relation="public.tasks"),
    held("AccessShareLock", lock_type="relation", relation="public.users"),
]


async def gone() -> Outcome:
    return Outcome("it is gone.")


async def refused() -> Outcome:
    raise NoPrivilege(
        "dba may not terminate pid 4802.",
        state="Nothing was signalled.",
        hint='A superuser can allow it: GRANT pg_signal_backend TO "dba";',
    )


STEPS = [Step("pid 4711, emr_app@emr, emr-integration", gone), Step("pid 4802, emr_app@emr", refused)]


async def test_pages_above_a_busy_night(picture: Picture) -> None:
    async with opened(looks.sessions()) as pilot:
        app: Any = pilot.app
        app.shown.writable = True
        await picture(pilot, "writable")
        app.shown.writable = False
        several = [subject(session) for session in SHOWN.sessions[:6]]
        await app.push_screen(ConfirmScreen(question(app.database, "terminate", several)))
        await picture(pilot, "terminate several")
        await app.pop_screen()
        await app.push_screen(WorkScreen("Terminate 2 sessions", STEPS, clock=lambda: 0.0))
        await picture(pilot, "several were terminated")
        await app.pop_screen()
        for name, page in {
            "terminate one": ConfirmScreen(question(app.database, "terminate", [subject(pid(4711))])),
            "one": SessionScreen(app.database, pid(4802), SHOWN, Found(mask(looks.NOTE), LOCKS)),
            "connections": connections_page(SHOWN, "emr", POOLS["staging"]),
        }.items():
            await pilot.resize_terminal(*SMALL)
            await app.push_screen(page)
            await picture(pilot, name, SMALL)
            await picture(pilot, name, LARGE)
            await app.pop_screen()
