"""What the sessions pane does with the rows it gets."""

from datetime import timedelta

from console.panes.sessions.models import Snapshot
from console.panes.sessions.service import arrange
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from tests.panes import looks
from tests.ui.waiting import until


def snapshot(*pids: int, later: int = 0) -> Snapshot:
    """Sessions with these pids, connected so many minutes later."""
    start = looks.NIGHT + timedelta(minutes=later)
    rows = [looks.backend(pid, backend_start=start) for pid in pids]
    return Snapshot(start, arrange(rows), connections=len(rows), limit=97)


async def test_a_mark_is_not_for_another_session_with_the_same_pid() -> None:
    answers = iter([snapshot(1, 2, 3), snapshot(1, 2, 3), snapshot(1, 2, 3, later=1)])
    app = looks.console(looks.sessions(lambda: next(answers)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.query(Pane).first().state is State.DATA)
        rows = app.query(LineTable).first().rows
        await pilot.press("j", "space")
        first = rows.all
        assert len(rows.marked) == 1
        await pilot.press("r")
        await until(pilot, lambda: rows.all is not first)
        assert len(rows.marked) == 1
        second = rows.all
        await pilot.press("r")
        await until(pilot, lambda: rows.all is not second)
        assert rows.marked == set()
