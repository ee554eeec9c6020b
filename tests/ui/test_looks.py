"""Pictures of the frame and of each state, compared with those that were looked at and accepted."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from console.errors import ConnectionFailed, NoPrivilege
from console.ui.confirm import ConfirmScreen, Question
from console.ui.entry import Entry
from console.ui.notice import State
from tests.ui.sample import HERE, HOSTILE, OtherPane, Row, SampleConsole, Source, console, rows
from tests.ui.waiting import drawn, until


class Compare(Protocol):
    """Whether the app looks as in its accepted picture."""

    def __call__(
        self,
        app: Any,
        *,
        terminal_size: tuple[int, int] = (80, 24),
        run_before: Callable[[Pilot[Any]], Awaitable[None]] | None = None,
    ) -> bool: ...


BUSY = [
    replace(row, state="idle in transaction" if n % 5 == 0 else row.state, age=float(7**n % 90_000), blocks=n == 3)
    for n, row in enumerate(rows(60))
]
BUSY[2] = replace(BUSY[2], user=HOSTILE, query=HOSTILE)


def app(answer: Callable[[], Sequence[Row]] = lambda: BUSY, **identity: Any) -> SampleConsole:
    """The console on the pane that asks once, so that no clock runs through the picture."""
    made = console(Source(answer), identity=replace(HERE, **identity))
    made._start = OtherPane.NAME
    return made


def when(state: State, *keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Wait for a state, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: bool(pilot.app.query(OtherPane)) and pilot.app.query_one(OtherPane).state is state)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


@pytest.mark.parametrize("size", [(80, 24), (120, 40), pytest.param((200, 50), marks=pytest.mark.long)])
def test_busy(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=when(State.DATA, "j", "j", "j", "space"))


def test_production(snap_compare: Compare) -> None:
    made = app(profile="production", production=True, audited=True)
    assert snap_compare(made, run_before=when(State.DATA, "s", "s", "s", "s"))


def test_empty(snap_compare: Compare) -> None:
    assert snap_compare(app(list), run_before=when(State.EMPTY))


def test_unavailable(snap_compare: Compare) -> None:
    def denied() -> Sequence[Row]:
        raise NoPrivilege(
            "The sessions pane needs the rights of pg_monitor, which dba does not have.",
            hint="A superuser can give them: GRANT pg_monitor TO dba;",
        )

    assert snap_compare(app(denied), run_before=when(State.UNAVAILABLE))


def test_stale(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pane", "polled", "header"):  # or else a slow machine draws another second
        monkeypatch.setattr(f"console.ui.{module}.monotonic", lambda: 1_000.0)
    monkeypatch.setattr("console.ui.polled.backoff", lambda attempt, chance: 8.0)
    answers: list[Sequence[Row] | Exception] = [BUSY, ConnectionFailed("The server at db1 does not answer.")]

    def answer() -> Sequence[Row]:
        given = answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA, "r")(pilot)
        await when(State.STALE)(pilot)

    assert snap_compare(app(answer), run_before=run)


def typing(text: str, outcome: str, *, wrong: bool = False) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Type a filter, and wait for what is said of it."""

    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA, "slash")(pilot)
        pilot.app.query_one(OtherPane).query_one(Entry).insert_text_at_cursor(text)
        await until(pilot, lambda: str(pilot.app.query(".outcome").first(Static).content) == outcome)
        await until(pilot, lambda: pilot.app.query(".hint").first(Static).has_class("-wrong") is wrong)

    return run


def test_filter(snap_compare: Compare) -> None:
    assert snap_compare(app(), run_before=typing("state:idle age>1h s", "13 of 60, 1 blocker kept"))


def test_filter_with_a_mistake(snap_compare: Compare) -> None:
    assert snap_compare(app(), run_before=typing("idle nobody_knows_this:" + "x" * 40, "60 of 60", wrong=True))


def test_help(snap_compare: Compare) -> None:
    assert snap_compare(app(), run_before=when(State.DATA, "question_mark"))


def test_palette(snap_compare: Compare) -> None:
    assert snap_compare(app(), run_before=when(State.DATA, "colon", "s"))


def test_detail(snap_compare: Compare) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA, "j", "j", "enter")(pilot)
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)

    assert snap_compare(app(), run_before=run)


def test_confirm(snap_compare: Compare) -> None:
    question = Question(
        title="Terminate session 4711 on staging",
        facts=[
            ("user", "emr_app@emr from 10.0.0.7"),
            ("application", "hl7-gateway"),
            ("transaction", "12 m, has written"),
            ("blocks", "41 sessions"),
            ("statement", "update tasks set priority = ?\nwhere id = ?"),
        ],
        consequence="It closes the session; its open transaction rolls back.",
        verb="terminate",
        typed="hl7-gateway",
        reason=True,
    )

    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        await pilot.app.push_screen(ConfirmScreen(question))

    assert snap_compare(app(), run_before=run)


def test_too_small(snap_compare: Compare) -> None:
    assert snap_compare(app(), terminal_size=(40, 10))
