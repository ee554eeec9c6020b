"""How the statements pane looks, and what its keys do."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.panes.statements.detail import page
from console.panes.statements.models import Snapshot, Whole
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from tests.panes import looks, statements_looks
from tests.panes.test_looks import SIZES, Compare, when
from tests.ui.waiting import drawn, until


@pytest.mark.parametrize("size", SIZES[:2])
def test_busy_statements(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(statements_looks.statements())
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA, "j"))


@pytest.mark.parametrize(
    "answer",
    [statements_looks.hot, statements_looks.measuring, statements_looks.hidden, statements_looks.uncreated],
)
def test_other_statements(snap_compare: Compare, answer: Callable[[], Snapshot]) -> None:
    app = looks.console(statements_looks.statements(answer))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_one_statement(snap_compare: Compare) -> None:
    counters = {"queryid": 1, "calls": 251, "rows": 40160, "total_exec_time": 2_018_000.0, "min_exec_time": 6_200.5,
                "max_exec_time": 11_000.0, "shared_blks_hit": 710_000, "shared_blks_read": 290_000, "wal_bytes": 0,
                "temp_blks_written": 524_800, "jit_functions": 0,
                "stats_since": "2026-03-13T07:07:00+00:00"}  # fmt: skip
    text = "SELECT entity_type, count(*) FROM audit_logs WHERE created_at > $1 AND user_id <> 'u' GROUP BY entity_type"
    whole = Whole.model_validate({"counters": counters, "block_size": 8192, "query_text": text})
    plan = "Aggregate  cost 9,112.50  rows 8\n  Seq Scan on audit_logs  cost 8,004.00  rows 91,204"

    async def opened(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        await pilot.app.push_screen(page(statements_looks.statement(1), whole, plan))
        await drawn(pilot.app.screen)

    app = looks.console(statements_looks.statements())
    assert snap_compare(app, terminal_size=(80, 40), run_before=opened)


async def ready(pilot: Pilot[Any]) -> Pane[Any, Any]:
    """Wait for the rows; the pane that has them."""
    await until(pilot, lambda: bool(pilot.app.query(Pane)) and pilot.app.query(Pane).first().state is State.DATA)
    return pilot.app.query(Pane).first()


async def test_v_turns_to_the_interval_and_back() -> None:
    answers = iter([statements_looks.busy, statements_looks.measuring, statements_looks.busy])
    app = looks.console(statements_looks.statements(lambda: next(answers)()))
    async with app.run_test(size=(120, 30)) as pilot:
        pane: Any = await ready(pilot)
        await pilot.press("v")
        await until(pilot, lambda: pane._snapshot.now)
        assert pane.now
        await pilot.press("v")
        await until(pilot, lambda: not pane._snapshot.now)


async def test_without_statistics_the_keys_go_to_what_runs() -> None:
    async with looks.console(statements_looks.statements(statements_looks.uncreated)).run_test() as pilot:
        await ready(pilot)
        await until(pilot, lambda: isinstance(pilot.app.focused, LineTable))
        assert pilot.app.focused is pilot.app.query_one("#running")
        await pilot.press("x", "v")
        assert not isinstance(pilot.app.screen, DetailScreen)


async def test_reset_asks_and_only_in_the_write_window() -> None:
    async with looks.console(statements_looks.statements()).run_test(size=(80, 24)) as pilot:
        pane = await ready(pilot)
        await pilot.press("R")
        assert not isinstance(pilot.app.screen, ConfirmScreen)
        pane.writable = True
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen)
        assert asked.question.reason
        assert ("sends", 'select "public".pg_stat_statements_reset()') in asked.question.facts
