"""Draws the README's pictures from the rows of the snapshots: python -m tests.screenshots."""

import asyncio
from pathlib import Path

from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import looks
from tests.ui.waiting import until

FOLDER = Path(__file__).resolve().parents[1] / "screenshots"
SIZES = {"": (120, 30), "-80x24": (80, 24)}
ORDER = (looks.sessions(), looks.migrations())


async def draw(name: str, ending: str, size: tuple[int, int]) -> None:
    """One pane at one size."""
    app = looks.console(*ORDER)
    app._start = name
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.query(Pane).first().state is State.DATA)
        await pilot.press("j")
        await pilot.pause()
        app.save_screenshot(f"{name}{ending}.svg", str(FOLDER))


async def main() -> None:
    """Every pane at both sizes."""
    FOLDER.mkdir(exist_ok=True)
    for pane in ORDER:
        for ending, size in SIZES.items():
            await draw(pane.NAME, ending, size)


if __name__ == "__main__":
    asyncio.run(main())
