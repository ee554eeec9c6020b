"""How the patients pane looks, and what its keys do."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

from console.panes.patients.patient_screen import PatientScreen
from console.panes.patients.service import Snapshot
from console.panes.patients.view import PatientsPane
from console.ui.detail import Page
from console.ui.notice import State
from console.ui.table import LineTable
from console.ui.value import ValueScreen
from tests.panes import looks, patients_looks
from tests.panes.test_looks import OTHER_SIZES, SIZES, Compare, denied, when
from tests.services.patients import people
from tests.services.patients.people import HIDDEN
from tests.targets import target
from tests.ui.waiting import drawn, until

REASON = "complaint: letter of 12 May"


@pytest.mark.parametrize("size", SIZES[:2])
def test_patients(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(patients_looks.patients())
    assert snap_compare(app, terminal_size=size, run_before=when(State.DATA, "j"))


@pytest.mark.parametrize("answer", [patients_looks.unsearched, patients_looks.unfound])
def test_no_patients(snap_compare: Compare, answer: Callable[[], Snapshot]) -> None:
    app = looks.console(patients_looks.patients(answer))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.EMPTY))


@pytest.mark.parametrize("answer", [patients_looks.absent, denied])
def test_unavailable_patients(snap_compare: Compare, answer: Callable[[], Snapshot]) -> None:
    app = looks.console(patients_looks.patients(answer))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


def test_a_search_that_cannot_be_understood(snap_compare: Compare) -> None:
    app = looks.console(patients_looks.patients())
    typed = when(State.DATA, "slash", *"1980-02-30", "enter")
    assert snap_compare(app, terminal_size=(80, 24), run_before=typed)


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_one_patient(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(patients_looks.patients())
    assert snap_compare(app, terminal_size=size, run_before=opened)


def test_a_revealed_patient(snap_compare: Compare) -> None:
    async def shown(pilot: Pilot[Any]) -> None:
        await reveal(pilot, REASON)
        await until(pilot, lambda: screen(pilot).is_clear)
        await drawn(pilot.app.screen)

    app = looks.console(patients_looks.patients())
    assert snap_compare(app, terminal_size=(80, 24), run_before=shown)


def screen(pilot: Pilot[Any]) -> PatientScreen:
    """The page on screen."""
    found = pilot.app.screen
    assert isinstance(found, PatientScreen)
    return found


async def opened(pilot: Pilot[Any]) -> None:
    """Open the first patient."""
    await when(State.DATA, "enter")(pilot)
    await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and bool(pilot.app.screen.query(Page)))
    await drawn(pilot.app.screen)


async def reveal(pilot: Pilot[Any], reason: str) -> None:
    """Open the first patient, and give a reason."""
    await opened(pilot)
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
    await pilot.press(*reason, "enter")


def text(pilot: Pilot[Any]) -> str:
    """What the blocks of the page say."""
    return "\n".join(block.text for block in screen(pilot)._blocks)


async def test_what_is_revealed_goes_again_and_cannot_be_copied() -> None:
    async with looks.console(patients_looks.patients()).run_test(size=(80, 24)) as pilot:
        await reveal(pilot, REASON)
        await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and screen(pilot).is_clear)
        assert "TEST-000127" in text(pilot)
        await pilot.press("y")
        assert pilot.app.clipboard == ""
        await pilot.press("v")
        await until(pilot, lambda: not screen(pilot).is_clear)
        assert "TEST-000127" not in text(pilot)


@pytest.mark.parametrize("reason", ["because", "legal: why", "legal: subpoena 4711"])
async def test_without_a_reason_or_an_event_nothing_is_revealed(reason: str) -> None:
    async with looks.console(patients_looks.patients()).run_test(size=(80, 24)) as pilot:
        await reveal(pilot, reason)
        if reason.endswith("4711"):
            await until(pilot, lambda: bool(pilot.app._notifications))
            assert not screen(pilot).is_clear
            assert "TEST-000127" not in text(pilot)
        else:
            assert isinstance(pilot.app.screen, ValueScreen)


async def test_view_as_somebody() -> None:
    async with looks.console(patients_looks.patients()).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, ValueScreen))
        await pilot.press(*"ana", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PatientScreen) and "may see" in text(pilot))
        assert "ana of Ward 3 may see 412 patients and 3,911 tasks." in text(pilot)


async def test_a_leads_to_the_audit_log() -> None:
    class Audit(looks.sessions()):  # type: ignore[misc]  # a class made for one test
        NAME: ClassVar = "audit"
        sought: ClassVar[list[str]] = []

        def seek(self, text: str) -> None:
            self.sought.append(text)

    async with looks.console(patients_looks.patients(), Audit).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await until(pilot, lambda: bool(Audit.sought))
        assert Audit.sought == [f"patient:{patients_looks.patient(4).id} since:all"]
        assert len(pilot.app.screen_stack) == 1


@pytest.mark.usefixtures("home")
async def test_a_search_on_a_server(pg18_migrated: str) -> None:
    people.admit(pg18_migrated)
    app = looks.console(PatientsPane, where=target(pg18_migrated))
    async with app.run_test(size=(120, 40)) as pilot:
        await when(State.EMPTY, "slash", *"testson", "enter")(pilot)
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
