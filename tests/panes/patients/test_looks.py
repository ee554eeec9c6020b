"""How the patients pane looks, and what its keys do."""

from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

from console.panes.patients.patient_screen import PatientScreen
from console.panes.patients.view import PatientsPane
from console.ui.detail import Page
from console.ui.notice import State
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from tests.panes import looks
from tests.panes.patients import looks as patients_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.panes.test_looks import denied, when
from tests.services.patients import people
from tests.services.patients.people import HIDDEN
from tests.targets import target
from tests.ui.entering import enter
from tests.ui.waiting import drawn, until

REASON = "complaint: letter of 12 May"


async def test_patients(picture: Picture) -> None:
    told = Told(patients_looks.absent)
    async with opened(patients_looks.patients(told)) as pilot:
        await picture(pilot, "absent")
        await told.now(pilot, denied, State.UNAVAILABLE)
        await picture(pilot, "denied")
        for answer in (patients_looks.unsearched, patients_looks.unfound):
            await told.now(pilot, answer, State.EMPTY)
            await picture(pilot, answer.__name__)
        await told.now(pilot, patients_looks.busy)
        await pilot.press("j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)
        await pilot.resize_terminal(*SMALL)
        await pilot.press("g", "slash")
        await enter(pilot, "1980-02-30")
        await picture(pilot, "a search that cannot be understood")


def screen(pilot: Pilot[Any]) -> PatientScreen:
    """The page on screen."""
    found = pilot.app.screen
    assert isinstance(found, PatientScreen)
    return found


async def page_opened(pilot: Pilot[Any]) -> None:
    """Open the first patient."""
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and bool(pilot.app.screen.query(Page)))
    await drawn(pilot.app.screen)


async def reveal(pilot: Pilot[Any], reason: str) -> None:
    """Give a reason on the page of a patient."""
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
    await enter(pilot, reason)


def text(pilot: Pilot[Any]) -> str:
    """What the blocks of the page say."""
    return "\n".join(block.text for block in screen(pilot)._blocks)


async def test_what_is_revealed_goes_again_and_cannot_be_copied(picture: Picture) -> None:
    async with opened(patients_looks.patients()) as pilot:
        await page_opened(pilot)
        await picture(pilot, "one")
        await reveal(pilot, REASON)
        await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and screen(pilot).is_clear)
        await picture(pilot, "revealed")
        assert "TEST-000127" in text(pilot)
        await pilot.press("y")
        assert pilot.app.clipboard == ""
        await pilot.press("v")
        await until(pilot, lambda: not screen(pilot).is_clear)
        assert "TEST-000127" not in text(pilot)


@pytest.mark.long
async def test_with_room(picture: Picture) -> None:
    async with opened(patients_looks.patients(), size=LARGE) as pilot:
        await page_opened(pilot)
        await picture(pilot, "one")


async def test_without_a_reason_or_an_event_nothing_is_revealed() -> None:
    async with opened(patients_looks.patients()) as pilot:
        await page_opened(pilot)
        await reveal(pilot, "because")
        for reason in ("legal: why", "legal: subpoena 4711"):
            assert isinstance(pilot.app.screen, ValueScreen)
            await pilot.press("ctrl+u")
            await enter(pilot, reason)
        await until(pilot, lambda: bool(pilot.app._notifications))
        assert not screen(pilot).is_clear
        assert "TEST-000127" not in text(pilot)


async def test_view_as_somebody_and_a_leads_to_the_audit_log() -> None:
    class Audit(looks.sessions()):  # type: ignore[misc]  # a class made for one test
        NAME: ClassVar = "audit"
        sought: ClassVar[list[str]] = []

        def seek(self, text: str) -> None:
            self.sought.append(text)

    async with opened(patients_looks.patients(), Audit) as pilot:
        await page_opened(pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        await enter(pilot, "ana")
        await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and "may see" in text(pilot))
        assert "ana of Ward 3 may see 412 patients and 3,911 tasks." in text(pilot)
        await pilot.press("a")
        await until(pilot, lambda: bool(Audit.sought))
        assert Audit.sought == [f"patient:{patients_looks.patient(4).id} since:all"]
        assert len(pilot.app.screen_stack) == 1


@pytest.mark.usefixtures("home")
async def test_a_search_on_a_server(pg18_migrated: str) -> None:
    people.admit(pg18_migrated)
    app = looks.console(PatientsPane, where=target(pg18_migrated))
    async with app.run_test(size=(120, 40)) as pilot:
        await when(State.EMPTY, "slash")(pilot)
        await enter(pilot, "testson")
        pane = pilot.app.query_one(PatientsPane)
        await until(pilot, lambda: pane.state is State.DATA)
        assert [row.name for row in pilot.app.query_one(LineTable).rows.shown] == ["A*** T***", "Z*** T***"]
        await drawn(pilot.app.screen)
        assert [value for value in HIDDEN if value in pilot.app.export_screenshot().replace("&#160;", " ")] == []
        assert "testson" not in pilot.app.export_screenshot()
        await pilot.press("r")
        await until(pilot, lambda: len(people.events(pg18_migrated)) == 2)
        assert pane.forget()
        assert (pane.state, pane.forget()) == (State.EMPTY, False)
    await app.database.close()
    assert [row[0] for row in people.events(pg18_migrated)] == ["SEARCH", "SEARCH"]


def test_what_is_shown_is_never_recorded() -> None:
    app = looks.console(patients_looks.patients())
    names: set[str] = {each.name for each in app.RECORDED}
    assert "patients" not in names
