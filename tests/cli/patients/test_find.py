"""`emr-console patients find` and `show`: masked for people and scripts, and written down."""

import json
from typing import Any

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.migrate.working import ask
from tests.schema.conftest import ladder as ladder
from tests.schema.ladder import Ladder
from tests.services.patients import people
from tests.services.patients.people import ANN, ESC, HIDDEN, PATIENTS, ZOE

TITLES = ["Patient", "Tasks", "Handovers", "Last accesses"]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def hospital(pg18_migrated: str) -> str:
    """A few patients."""
    people.admit(pg18_migrated)
    return pg18_migrated


def answer(dsn: str, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command says as JSON."""
    assert run(["--dsn", dsn, "patients", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_find(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(hospital, capsys, "find", "testson")
    assert set(found) == {"as_of", "flavour", "server", "query", "more", "similar", "rows"}
    assert (found["query"], found["more"], found["similar"]) == ("T***", False, False)
    assert [row["id"] for row in found["rows"]] == [str(ANN), str(ZOE)]
    assert found["rows"][1] == {
        "id": str(ZOE), "mrn": "***0123", "name": "Z*** T***", "birth_year": 1980, "system": "EPIC",
        "emr_patient_id": "***0626", "deleted": False,
    }  # fmt: skip


def test_show(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(hospital, capsys, "show", str(ZOE))
    assert found["patient"]["name"] == "Z*** T***"
    assert found["tasks"] == [
        {"status": "TO_DO", "tasks": 1, "overdue": 1},
        {"status": "COMPLETED", "tasks": 1, "overdue": 0},
    ]
    assert (found["unlinked_tasks"][0]["status"], found["handovers"], found["as_user"]) == ("BLOCKED", [], None)
    assert ask(
        hospital, "select action, entity_type, entity_id from audit_logs where user_agent like 'emr-console/%'"
    ) == [("VIEW", "PATIENT", ZOE)]


def test_show_as_somebody_else(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    may = "grant select on patients, tasks, users to emr_app"
    with people.role(hospital, "emr_app", may=may):
        found = answer(hospital, capsys, "show", str(ZOE), "--as", "ben")
        assert run(["--dsn", hospital, "patients", "show", str(ZOE), "--as", "ben"]) == 0
    assert (found["as_user"]["department"], found["as_user"]["patients"]) == ("Lab", 4)
    assert (found["as_user"]["tasks"], found["as_user"]["this_patient"]) == (0, False)
    lines = capsys.readouterr().out.splitlines()
    assert "ben of Lab may see 4 patients and 0 tasks. This patient is not among them." in lines
    assert [line for line in lines if line in TITLES] == TITLES  # in a pipe, too


def test_nobody_is_named_before_a_reveal(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither what was typed nor what was found, on either stream, in any of the forms."""
    for text in ("TEST-000123", "TP0000626", "Testson, Zoë", "1980-02-03", "o'%_\"draftov", "Sampleton", "mctestley"):
        assert run(["--dsn", hospital, "patients", "find", text]) == 0
        assert run(["--dsn", hospital, "--verbose", "--trace-sql", "patients", "find", text, "--json"]) == 0
    for row in PATIENTS:
        assert run(["--dsn", hospital, "patients", "show", str(row[0])]) == 0
        assert run(["--dsn", hospital, "patients", "show", str(row[0]), "--json"]) == 0
    told = capsys.readouterr()
    said = (told.out + told.err).casefold()
    assert [value for value in HIDDEN if value.casefold() in said] == []
    assert "\x1b" not in told.out + told.err
    written = str(ask(hospital, "select metadata from audit_logs where user_agent like 'emr-console/%'")).casefold()
    assert [value for value in HIDDEN if value.casefold() in written] == []


def test_a_hostile_name_steers_no_terminal(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", hospital, "patients", "find", str(ESC)]) == 0
    out = capsys.readouterr().out
    assert str(ESC) in out
    assert "\x1b" not in out


def test_what_cannot_be_found(hospital: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words, says in (
        (("find", "1980-02-30"), "There is no such day in the calendar. Nothing was searched."),
        (("find", " "), "There is nothing to search for."),
        (("show", "TEST-000123"), "emr-console patients find NUMBER tells the id"),
        (("show", "3484582e-6b98-4adb-a009-64e49cf46cfe"), "No patient has this id."),
    ):
        assert run(["--dsn", hospital, "patients", *words]) == Exit.USAGE
        told = capsys.readouterr()
        assert says in told.err
        assert "TEST-000123" not in told.err


@pytest.mark.parametrize(
    "cluster", ["pg18", pytest.param("pg15", marks=pytest.mark.long)], indirect=True, scope="session"
)
def test_before_there_are_patients(ladder: Ladder, capsys: pytest.CaptureFixture[str]) -> None:
    ladder.up("001", "002")
    assert run(["--dsn", ladder.dsn, "patients", "find", "Testson", "--json"]) == Exit.UNSUPPORTED
    assert "There is no table of patients in" in json.loads(capsys.readouterr().out)["error"]["message"]
