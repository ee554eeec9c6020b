"""How the overview looks, compared with pictures that were looked at and accepted."""

from collections.abc import Callable
from typing import Any

import pytest

from console.ui.notice import State
from tests.panes import looks
from tests.panes.jobs import looks as jobs_looks
from tests.panes.locks import looks as locks_looks
from tests.panes.overview import looks as overview_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.panes.test_looks import away, denied

OTHERS = (looks.sessions(), locks_looks.locks(), jobs_looks.jobs(), looks.migrations())


async def test_an_overview(picture: Picture) -> None:
    told = Told(away)
    async with opened(overview_looks.overview(told), *OTHERS) as pilot:
        await picture(pilot, "nobody answers")
        await told.now(pilot, denied, State.UNAVAILABLE)
        await picture(pilot, "denied")
        for answer in (overview_looks.beginning, overview_looks.poor, overview_looks.well):
            await told.now(pilot, answer)
            await picture(pilot, answer.__name__)
        await told.now(pilot, overview_looks.busy)
        await pilot.press("g", "j")
        await picture(pilot, "trouble", SMALL)
        await picture(pilot, "trouble", LARGE)
        await pilot.resize_terminal(*SMALL)
        await pilot.press("g", "enter")
        await picture(pilot, "one finding")
        await pilot.press("escape", "n")
        await picture(pilot, "snoozing")
        await pilot.press("escape")
        await told.now(pilot, overview_looks.busy)
        await pilot.press("G", "enter")
        await picture(pilot, "every check", LARGE)


@pytest.mark.long
@pytest.mark.parametrize("answer", [overview_looks.poor, overview_looks.well])
async def test_with_room(picture: Picture, answer: Callable[[], Any]) -> None:
    async with opened(overview_looks.overview(answer), *OTHERS, size=LARGE) as pilot:
        await picture(pilot, "overview")
