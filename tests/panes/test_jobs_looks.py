"""How the jobs pane looks, compared with pictures that were looked at and accepted."""

import pytest

from console.ui.notice import State
from tests.panes import jobs_looks, looks
from tests.panes.test_looks import OTHER_SIZES, SIZES, Compare, when


@pytest.mark.parametrize("size", SIZES[:2])
def test_busy_jobs(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(looks.console(jobs_looks.jobs()), terminal_size=size, run_before=when(State.DATA, "j"))


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_no_scheduler(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(jobs_looks.jobs(jobs_looks.dead))
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA))


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_jobs_without_timescaledb(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(jobs_looks.jobs(jobs_looks.plain))
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA))


def test_hidden_errors(snap_compare: Compare) -> None:
    app = looks.console(jobs_looks.jobs(jobs_looks.hidden))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


def test_no_jobs(snap_compare: Compare) -> None:
    app = looks.console(jobs_looks.jobs(jobs_looks.nothing))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.EMPTY))


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_denied_jobs(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(jobs_looks.jobs(jobs_looks.denied))
    assert snap_compare(app, terminal_size=size, run_before=when(State.UNAVAILABLE))


def test_one_job(snap_compare: Compare) -> None:
    app = looks.console(jobs_looks.jobs())
    assert snap_compare(app, terminal_size=(80, 40), run_before=when(State.DATA, "j", "enter"))
