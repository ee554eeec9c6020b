"""How the overview looks, compared with pictures that were looked at and accepted."""

import pytest

from console.ui.notice import State
from tests.panes import jobs_looks, locks_looks, looks, overview_looks
from tests.panes.test_looks import OTHER_SIZES, SIZES, Compare, away, denied, when

OTHERS = (looks.sessions(), locks_looks.locks(), jobs_looks.jobs(), looks.migrations())


@pytest.mark.parametrize("size", SIZES[:2])
def test_trouble(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(overview_looks.overview(), *OTHERS)
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA, "j"))


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_all_is_well(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(overview_looks.overview(overview_looks.well), *OTHERS)
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA))


def test_every_check(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(), *OTHERS)
    assert snap_compare(app, terminal_size=(120, 40), run_before=when(State.DATA, "G", "enter"))


def test_beginning(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(overview_looks.beginning), *OTHERS)
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA))


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_without_rights(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(overview_looks.overview(overview_looks.poor), *OTHERS)
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA))


def test_one_finding(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(), *OTHERS)
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA, "enter"))


def test_snoozing(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(), *OTHERS)
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA, "n"))


def test_nobody_answers(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(away), *OTHERS)
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


def test_denied(snap_compare: Compare) -> None:
    app = looks.console(overview_looks.overview(denied), *OTHERS)
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))
