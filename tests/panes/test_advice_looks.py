"""How the page of advice on a table looks."""

from typing import Any

from textual.pilot import Pilot

from console.panes.storage.advice import page
from console.services.advice import rules
from console.services.advice.models import Report
from console.ui.notice import State
from tests.panes import jobs_looks, looks
from tests.panes.test_looks import Compare, when
from tests.services.advice.test_rules import facts


async def opened(pilot: Pilot[Any]) -> None:
    """Over any pane."""
    await when(State.DATA)(pilot)
    seed = facts(segment_by=("user_id", "entity_type"), rows_per_batch=9.2, rows=366 * 27_000.0, active_index_bytes=3e6)
    wrong = ["a job may be stuck for ever after a crash (#9360)"]
    await pilot.app.push_screen(page(Report(seed, rules.advise(seed), rules.widths(seed), rules.segments(seed), wrong)))


def test_advice(snap_compare: Compare) -> None:
    assert snap_compare(looks.console(jobs_looks.jobs()), terminal_size=(80, 48), run_before=opened)
