"""How the page of advice on a table looks."""

from console.panes.storage.advice import page
from console.services.advice import rules
from console.services.advice.models import Report
from tests.panes.jobs import looks as jobs_looks
from tests.panes.pictures import Picture, opened
from tests.services.advice.test_rules import facts


async def test_advice(picture: Picture) -> None:
    seed = facts(segment_by=("user_id", "entity_type"), rows_per_batch=9.2, rows=366 * 27_000.0, active_index_bytes=3e6)
    wrong = ["a job may be stuck for ever after a crash (#9360)"]
    report = Report(seed, rules.advise(seed), rules.widths(seed), rules.segments(seed), wrong)
    async with opened(jobs_looks.jobs(), size=(80, 48)) as pilot:  # over any pane
        await pilot.app.push_screen(page(report))
        await picture(pilot, "advice")
