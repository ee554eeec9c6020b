"""How each pane looks, compared with pictures that were looked at and accepted."""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Protocol

import pytest
from textual.pilot import Pilot

from console.errors import ConnectionFailed, NoPrivilege
from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import looks
from tests.ui.waiting import until

Run = Callable[[Pilot[Any]], Awaitable[None]]
SIZES = [(80, 24), (120, 40), pytest.param((200, 50), marks=pytest.mark.long)]
"""Of the picture of a pane that has much to show."""

OTHER_SIZES = [(80, 24), pytest.param((120, 40), marks=pytest.mark.long)]
"""Of its other pictures: that it has room on a wide terminal, the first one proves."""


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


@pytest.mark.parametrize("size", SIZES)
def test_busy_sessions(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(looks.sessions())
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA, "j"))


def test_wide_sessions(snap_compare: Compare) -> None:
    app = looks.console(looks.sessions())
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA, "w"))


def test_nobody_connected(snap_compare: Compare) -> None:
    app = looks.console(looks.sessions(looks.nobody))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.EMPTY))


def test_hidden_sessions(snap_compare: Compare) -> None:
    app = looks.console(looks.sessions(looks.hidden))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_denied_sessions(snap_compare: Compare) -> None:
    app = looks.console(looks.sessions(denied))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


@pytest.mark.parametrize("size", SIZES)
def test_migrations_at_work(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA))


def test_calm_migrations(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations(looks.calm_schema))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_migrations_that_may_not_be_read(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations(looks.unread_schema))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_one_migration(snap_compare: Compare) -> None:
    """Its facts; the text below them is the file's own, which other tests look after."""
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=(80, 14 + 10), run_before=when(State.DATA, "G", "enter"))
