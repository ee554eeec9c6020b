"""Draws the README's pictures from the rows of the snapshots: python -m tests.screenshots."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from console.migrate.reports import Result
from console.panes.migrations.models import Goal
from console.ui.notice import State
from tests.panes import looks
from tests.panes.audit import looks as audit_looks
from tests.panes.audit import review_looks, seals_looks
from tests.panes.audit.searching import searched
from tests.panes.audit.test_tabs_looks import reviewed, turned, verified
from tests.panes.database import looks as database_looks
from tests.panes.fleet import looks as fleet_looks
from tests.panes.jobs import looks as jobs_looks
from tests.panes.locks import looks as locks_looks
from tests.panes.migrations import plans
from tests.panes.overview import looks as overview_looks
from tests.panes.patients import looks as patients_looks
from tests.panes.pictures import ready
from tests.panes.statements import looks as statements_looks
from tests.panes.storage import looks as storage_looks
from tests.ui.waiting import drawn

FOLDER = Path(__file__).resolve().parents[1] / "screenshots"
SIZES = {"": (120, 30), "-80x24": (80, 24)}
ORDER = (
    overview_looks.overview(),
    looks.sessions(),
    locks_looks.locks(),
    statements_looks.statements(),
    database_looks.database(),
    storage_looks.storage(),
    jobs_looks.jobs(),
    looks.migrations(),
    audit_looks.audit(review=review_looks.fed(), seals=seals_looks.fed(then=seals_looks.broken)),
    patients_looks.patients(),
    fleet_looks.fleet(),
)


Shown = Callable[[Pilot[Any]], Awaitable[object]]
"""Brings a console to what is to be drawn."""


async def second_row(pilot: Pilot[Any]) -> None:
    """The cursor stands where it tells the row from the heading."""
    await pilot.press("j")


SHOWN: dict[str, Shown] = {"audit": lambda pilot: searched(pilot, "patient:TEST-000123 -action:search since:30d", "j")}
"""What is drawn of a pane that shows nothing by itself."""


async def draw(pane: str, shown: Shown, file: str, size: tuple[int, int]) -> None:
    """One picture of a console that opened on a pane."""
    app = looks.console(*ORDER)
    app._start = pane
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        await shown(pilot)
        await drawn(app.screen)
        app.save_screenshot(f"{file}.svg", str(FOLDER))


TABS: dict[str, Shown] = {
    "audit-questions": lambda pilot: turned(pilot, "search", State.DATA),
    "audit-review": lambda pilot: reviewed(pilot, "j"),
    "audit-seals": lambda pilot: verified(pilot, *"jjjjj"),
}
"""What is drawn of the audit pane beside a search: the questions with their keys, and its other tabs."""


async def plan(pilot: Pilot[Any]) -> None:
    """The plan of a rollback, and what has to be typed."""
    await plans.open_plan(pilot, plans.patients, Goal(back=True), writable=True)
    await pilot.press("enter")


async def run(pilot: Pilot[Any]) -> None:
    """A run that waits for a lock."""
    await plans.open_run(pilot, plans.waiting(), None)


async def result(pilot: Pilot[Any]) -> None:
    """How it ended."""
    await plans.open_run(pilot, plans.finished(), Result(["005", "004"]))


async def main() -> None:
    """Every pane at both sizes, and what one sees of a rollback."""
    FOLDER.mkdir(exist_ok=True)
    for ending, size in SIZES.items():
        for pane in ORDER:
            await draw(pane.NAME, SHOWN.get(pane.NAME, second_row), f"{pane.NAME}{ending}", size)
        for file, shown in TABS.items():
            await draw("audit", shown, f"{file}{ending}", size)
        await draw("migrations", plan, f"plan{ending}", size)
    await draw("migrations", run, "run", SIZES["-80x24"])
    await draw("migrations", result, "result", SIZES["-80x24"])


if __name__ == "__main__":
    asyncio.run(main())
