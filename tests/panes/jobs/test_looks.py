"""How the jobs pane looks, compared with pictures that were looked at and accepted."""

from collections.abc import Callable
from typing import Any

import pytest

from console.ui.notice import State
from tests.panes.jobs import looks as jobs_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened


async def test_jobs(picture: Picture) -> None:
    told = Told(jobs_looks.denied)
    async with opened(jobs_looks.jobs(told)) as pilot:
        await picture(pilot, "denied")
        for answer in (jobs_looks.dead, jobs_looks.plain, jobs_looks.hidden):
            await told.now(pilot, answer)
            await picture(pilot, answer.__name__)
        await told.now(pilot, jobs_looks.nothing, State.EMPTY)
        await picture(pilot, "nothing")
        await told.now(pilot, jobs_looks.busy)
        await pilot.press("j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)
        await pilot.resize_terminal(80, 40)
        await pilot.press("enter")
        await picture(pilot, "one")


@pytest.mark.long
@pytest.mark.parametrize("answer", [jobs_looks.dead, jobs_looks.plain, jobs_looks.denied])
async def test_with_room(picture: Picture, answer: Callable[[], Any]) -> None:
    async with opened(jobs_looks.jobs(answer), size=LARGE) as pilot:
        await picture(pilot, "jobs")
