"""How each pane looks, compared with pictures that were looked at and accepted."""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Protocol

import pytest
from textual.pilot import Pilot

from console.errors import ConnectionFailed, NoPrivilege
from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.ui.waiting import until

Run = Callable[[Pilot[Any]], Awaitable[None]]


class Compare(Protocol):
    """Whether the app looks as in its accepted picture."""

    def __call__(self, app: Any, *, terminal_size: tuple[int, int], run_before: Run) -> bool: ...


def when(state: State, *keys: str) -> Run:
    """Wait for a state, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: bool(pilot.app.query(Pane)) and pilot.app.query(Pane).first().state is state)
        await pilot.press(*keys)
        await pilot.pause()

    return run


def denied() -> NoReturn:
    raise NoPrivilege(
        "Who is connected stands in pg_catalog.pg_stat_activity, which ana may not read.",
        hint='A superuser can give the right: GRANT SELECT ON pg_catalog.pg_stat_activity TO "ana";',
    )


def away() -> NoReturn:
    raise ConnectionFailed("Cannot connect to dba@db2/emr: Connection refused.", hint="Check host and port.")


async def test_sessions(picture: Picture) -> None:
    told = Told(denied)
    async with opened(looks.sessions(told)) as pilot:
        await picture(pilot, "denied")
        await told.now(pilot, looks.busy)
        await pilot.press("w")
        await picture(pilot, "wide")
        await pilot.press("w", "j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)
        await pilot.resize_terminal(*SMALL)
        await told.now(pilot, looks.nobody, State.EMPTY)
        await picture(pilot, "nobody")
        await told.now(pilot, looks.hidden)
        await picture(pilot, "hidden")


async def test_migrations(picture: Picture) -> None:
    """Of one migration its facts; the text below them is the file's own, which other tests look after."""
    told = Told(looks.schema)
    async with opened(looks.migrations(told)) as pilot:
        await picture(pilot, "at work", SMALL)
        await pilot.press("G", "enter")
        await picture(pilot, "one")
        await pilot.press("escape", "g")
        await picture(pilot, "at work", LARGE)
        await pilot.resize_terminal(*SMALL)
        await told.now(pilot, looks.calm_schema)
        await picture(pilot, "calm")
        await told.now(pilot, looks.unread_schema)
        await picture(pilot, "unread")


@pytest.mark.long
@pytest.mark.parametrize("pane", [looks.sessions, looks.migrations])
async def test_on_a_very_large_terminal(picture: Picture, pane: Callable[[], type[Pane[Any, Any]]]) -> None:
    async with opened(pane(), size=(200, 50)) as pilot:
        await pilot.press(*("j" if pane is looks.sessions else ""))
        await picture(pilot, "busy")
