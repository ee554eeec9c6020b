"""Something is done to several targets, one after the other."""

import asyncio
from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from console.errors import ConnectionLost, NoPrivilege
from console.ui.columns import Tone
from console.ui.titlebar import TitleBar
from console.ui.working import Outcome, Step, WorkScreen, WorkView
from tests.ui.sample import HOSTILE
from tests.ui.waiting import until


class Works:
    """Targets that wait until the test lets them go."""

    def __init__(self, *names: str) -> None:
        self.let = {name: asyncio.Event() for name in names}
        self.begun: list[str] = []
        self.ends: dict[str, Outcome | Exception] = {}

    def steps(self) -> list[Step]:
        """One step a name."""
        return [Step(name, lambda name=name: self._do(name)) for name in self.let]  # type: ignore[misc]

    async def _do(self, name: str) -> Outcome:
        self.begun.append(name)
        await self.let[name].wait()
        end = self.ends.get(name, Outcome("gone"))
        if isinstance(end, Exception):
            raise end
        return end


def text(app: App[None]) -> str:
    """What stands on the screen."""
    view, title = app.screen.query_one(WorkView), app.screen.query_one(TitleBar)
    lines = [title.line(0), *(view.line(y) for y in range(view.room.height))]
    return "\n".join("".join(piece.text for piece in line.pieces).rstrip() for line in lines)


async def shown(app: App[None], works: Works) -> list[Sequence[Outcome] | None]:
    """The screen on top; what it will answer."""
    answers: list[Sequence[Outcome] | None] = []
    await app.push_screen(WorkScreen("Terminate 3 sessions", works.steps()), answers.append)
    return answers


async def ended(pilot: Pilot[Any]) -> None:
    """Wait for the last sentence."""
    await until(pilot, lambda: "done" in text(pilot.app).splitlines()[-1] or " of 3 done" in text(pilot.app))


async def test_one_after_the_other_each_with_its_outcome() -> None:
    works = Works("pid 1", "pid 2", "pid 3")
    works.ends["pid 2"] = NoPrivilege("You may not.", hint="GRANT pg_signal_backend TO ana;")
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await shown(app, works)
        await until(pilot, lambda: works.begun == ["pid 1"])
        await pilot.press("escape", "q", "enter")
        assert "→ pid 1: at work for 0 s\n    pid 2: waits for its turn" in text(app)
        works.let["pid 1"].set()
        await until(pilot, lambda: works.begun == ["pid 1", "pid 2"])
        works.let["pid 2"].set()
        works.let["pid 3"].set()
        await ended(pilot)
        assert "● pid 1: gone\n  ✖ pid 2: You may not. GRANT pg_signal_backend TO ana;\n  ● pid 3: gone" in text(app)
        assert "✖ 2 of 3 done, 1 failed." in text(app)
        await pilot.press("enter")
        (outcomes,) = answers
    assert outcomes is not None
    assert [outcome.tone for outcome in outcomes] == [Tone.OK, Tone.ERROR, Tone.OK]


async def test_stopped_it_finishes_the_one_at_work() -> None:
    works = Works("pid 1", "pid 2", "pid 3")
    works.ends["pid 1"] = Outcome("still running after 5 s", Tone.WARNING)
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await shown(app, works)
        await until(pilot, lambda: works.begun == ["pid 1"])
        await pilot.press("C")
        assert "stops after this one" in text(app)
        works.let["pid 1"].set()
        await ended(pilot)
        assert "▲ 0 of 3 done, 1 not finished, 2 not begun." in text(app)
        await pilot.press("escape")
    assert (works.begun, [len(outcomes or ()) for outcomes in answers]) == (["pid 1"], [1])


async def test_without_a_server_and_by_our_own_mistake_it_stops() -> None:
    for error in (ConnectionLost("The connection broke."), KeyError("John Doe")):
        works = Works(HOSTILE, "pid 2", "pid 3")
        works.ends[HOSTILE] = error
        works.let[HOSTILE].set()
        app: App[None] = App()
        async with app.run_test(size=(80, 24)) as pilot:
            await shown(app, works)
            await ended(pilot)
            assert "✖ 0 of 3 done, 1 failed, 2 not begun." in text(app)
            assert "\x1b" not in text(app)
            assert "Doe" not in text(app)


async def test_the_one_at_work_stays_in_sight() -> None:
    works = Works(*(f"pid {n}" for n in range(100)))
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, works)
        for n in range(60):
            works.let[f"pid {n}"].set()
        await until(pilot, lambda: len(works.begun) == 61)
        await until(pilot, lambda: "→ pid 60: at work" in text(app))
        for event in works.let.values():
            event.set()
        await until(pilot, lambda: "100 of 100" in text(app))
        await pilot.press("G")
        await until(pilot, lambda: "● 100 of 100 done." in text(app))
