"""How the statements pane looks, and what its keys do."""

from typing import Any

from console.panes.statements.models import Statement, Whole
from console.ui.confirm import ConfirmScreen
from console.ui.detail import DetailScreen
from console.ui.entry import Entry
from console.ui.pane import TOO_LATE, Pane
from console.ui.table import LineTable
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.panes.statements import looks as statements_looks
from tests.ui.waiting import seen, until


async def test_statements(picture: Picture) -> None:
    told = Told(statements_looks.hot)
    async with opened(statements_looks.statements(told)) as pilot:
        for answer in (statements_looks.hot, statements_looks.measuring, statements_looks.hidden):
            await told.now(pilot, answer)
            await picture(pilot, answer.__name__)
        await told.now(pilot, statements_looks.busy)
        await pilot.press("g", "j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)


async def test_one_statement_and_its_plan(picture: Picture) -> None:
    """The plan comes first on its page, whether it is asked for in the list or on the page of the statement."""
    counters = {"queryid": 1, "calls": 251, "rows": 40160, "total_exec_time": 2_018_000.0, "min_exec_time": 6_200.5,
                "max_exec_time": 11_000.0, "shared_blks_hit": 710_000, "shared_blks_read": 290_000, "wal_bytes": 0,
                "temp_blks_written": 524_800, "jit_functions": 0,
                "stats_since": "2026-03-13T07:07:00+00:00"}  # fmt: skip
    text = "SELECT entity_type, count(*) FROM audit_logs WHERE created_at > $1 AND user_id <> 'u' GROUP BY entity_type"
    whole = Whole.model_validate({"counters": counters, "block_size": 8192, "query_text": text})
    plan = "Aggregate  cost 9,112.50  rows 8\n  Seq Scan on audit_logs  cost 8,004.00  rows 91,204"

    class Counted:
        async def whole(self, _: Statement) -> Whole:
            return whole

        async def plan(self, _: Statement, __: Whole) -> str:
            return plan

    async with opened(statements_looks.statements(), size=(80, 40)) as pilot:
        pane: Any = pilot.app.query(Pane).first()
        pane._reader = Counted()
        await pilot.press("g", "j", "enter")
        await seen(pilot, "counted since")
        await picture(pilot, "one")
        await pilot.press("x")
        await seen(pilot, "plan of statement 1")
        await picture(pilot, "plan", SMALL)
        await pilot.press("escape", "escape", "x")
        await seen(pilot, "plan of statement 1")
        await picture(pilot, "plan", SMALL)


async def test_v_turns_to_the_interval_and_back() -> None:
    answers = iter([statements_looks.busy, statements_looks.measuring, statements_looks.busy])
    async with opened(statements_looks.statements(lambda: next(answers)())) as pilot:
        pane: Any = pilot.app.query(Pane).first()
        await pilot.press("v")
        await until(pilot, lambda: pane._snapshot.now)
        assert pane.now
        await pilot.press("v")
        await until(pilot, lambda: not pane._snapshot.now)


async def test_without_statistics_the_keys_go_to_what_runs(picture: Picture) -> None:
    async with opened(statements_looks.statements(statements_looks.uncreated)) as pilot:
        await picture(pilot, "uncreated")
        await until(pilot, lambda: isinstance(pilot.app.focused, LineTable))
        assert pilot.app.focused is pilot.app.query_one("#running")
        await pilot.press("x", "v")
        assert not isinstance(pilot.app.screen, DetailScreen)


async def test_statistics_that_go_and_come_back_leave_the_keyboard_where_something_is_seen() -> None:
    told = Told(statements_looks.busy)
    async with opened(statements_looks.statements(told)) as pilot:
        pane: Any = pilot.app.query(Pane).first()
        for answer, focused in (
            (statements_looks.uncreated, pane._still),
            (statements_looks.busy, pane._listing.table),
        ):
            await told.now(pilot, answer)
            assert pilot.app.focused is focused
            assert "pause" in pilot.app.screen.active_bindings["p"].binding.description


async def test_reset_asks_and_only_in_the_write_window() -> None:
    async with opened(statements_looks.statements()) as pilot:
        await pilot.press("R")
        assert not isinstance(pilot.app.screen, ConfirmScreen)
        pilot.app.query(Pane).first().writable = True
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
        asked = pilot.app.screen
        assert isinstance(asked, ConfirmScreen)
        assert asked.question.reason
        assert ("sends", 'select "public".pg_stat_statements_reset()') in asked.question.facts
        asked.query_one(Entry).value = "a new release"
        pilot.app.query(Pane).first().writable = False
        await pilot.press("enter", "enter")
        await until(pilot, lambda: TOO_LATE in {note.message for note in pilot.app._notifications})
