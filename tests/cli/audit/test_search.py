"""`emr-console audit search`: masked pages, gone through with a cursor, each search in the audit log once."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from console.cli.main import run
from console.services.audit.cursor import Place, written
from console.services.audit.models import Cursor
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, ago, event, users, write

SPAN = "since:2026-03-01 until:2026-03-14T12:00"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_pages_until_complete(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    users(pg18_migrated, ana=ANA)
    made = [event(ago(hours=n), emr_system="EPIC", emr_patient_id="TP0000626") for n in range(5)]
    write(pg18_migrated, made)
    found, word = [], None
    while True:
        more: list[str] = ["--cursor", word] if word else []
        assert (
            run(["--dsn", pg18_migrated, "audit", "search", f"user:ana {SPAN}", "--limit", "2", "--json", *more]) == 0
        )
        page = json.loads(capsys.readouterr().out)
        found += page["rows"]
        word = page["next"]
        if word is None:
            break
    assert [row["id"] for row in found] == [str(row["id"]) for row in made]
    assert page["complete"] is True
    assert found[0] == {
        "id": str(made[0]["id"]), "created_at": "2026-03-14T12:00:00.000000Z", "user": "ana", "user_id": str(ANA),
        "action": "VIEW", "entity_type": "PATIENT", "entity_id": str(made[0]["entity_id"]), "system": "EPIC",
        "patient": "***0626", "ip": "10.2.3.0/24", "session_id": None, "request_id": str(made[0]["request_id"]),
    }  # fmt: skip
    searches = ask(pg18_migrated, "select metadata ->> 'search', entity_type from audit_logs where action = 'SEARCH'")
    assert searches == [("user:ana", "AUDIT_LOG")]


def test_a_patient_is_named_nowhere(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(pg18_migrated, [event(ago(hours=1), emr_system="EPIC", emr_patient_id="TP0000626")])
    assert run(["--dsn", pg18_migrated, "audit", "search", f"patient:TP0000626 {SPAN}", "--json"]) == 0
    assert run(["--dsn", pg18_migrated, "audit", "search", f"patient:TP0000626 {SPAN}"]) == 0
    told = capsys.readouterr()
    assert "TP0000626" not in told.out + told.err
    assert json.loads(told.out.splitlines()[0])["query"] == "patient:***0626"
    assert ask(pg18_migrated, "select count(*) from audit_logs where metadata::text like '%TP0000626%'") == [(0,)]
    assert ask(pg18_migrated, "select distinct entity_type from audit_logs where action = 'SEARCH'") == [("PATIENT",)]
    assert run(["--dsn", pg18_migrated, "audit", "search", f"TP0000626 {SPAN}"]) == 0
    bare = capsys.readouterr()
    assert "***0626 was looked for in the text; patient:***0626 finds a patient's rows." in bare.err
    assert "TP0000626" not in bare.out + bare.err


def test_what_cannot_be_searched(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A cursor that somebody else has made would be a search that nobody has written down."""
    place = Place("", None, ago(days=0), Cursor(ago(days=0), UUID(int=7), 60.0))
    forged = written(place, b"another key")
    for arguments, says in (
        (["user:"], 'A value is missing after "user:".'),
        (["", "--cursor", "nonsense"], "This is no cursor of this account, database and role"),
        (["", "--cursor", forged], "This is no cursor of this account, database and role"),
        (["", "--limit", "0"], "--limit takes 1 to 10,000."),
    ):
        assert run(["--dsn", pg18_migrated, "audit", "search", *arguments]) == 2
        assert says in capsys.readouterr().err
    assert ask(pg18_migrated, "select count(*) from audit_logs") == [(0,)]


def test_a_cursor_holds_for_the_role_that_searched(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(pg18_migrated, [event(ago(hours=n)) for n in range(3)])
    assert run(["--dsn", pg18_migrated, "audit", "search", SPAN, "--limit", "1", "--json"]) == 0
    word = json.loads(capsys.readouterr().out)["next"]
    other = f"{pg18_migrated} options='-c role=pg_read_all_data'"
    assert run(["--dsn", other, "audit", "search", SPAN, "--cursor", word]) == 2
    assert "no cursor of this account" in capsys.readouterr().err
    assert run(["--dsn", pg18_migrated, "audit", "search", SPAN, "--cursor", word]) == 0


def test_hours_are_late_by_the_time_zone_of_a_review(
    pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At 12:00 UTC it is 07:00 in Chicago, from which on it is day; an hour before that it is night there alone."""
    rows = [event(ago(days=1, hours=hours)) for hours in (0, 1)]
    write(pg18_migrated, rows)
    folder = tmp_path / "config" / "emr-console"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        f'[profiles.chicago]\ndsn = "{pg18_migrated}"\nreview.time_zone = "America/Chicago"\n'
    )
    for source, late in ((["--profile", "chicago"], rows[1:]), (["--dsn", pg18_migrated], [])):
        assert run([*source, "audit", "search", f"after-hours {SPAN}", "--json"]) == 0
        told = capsys.readouterr()
        assert [row["id"] for row in json.loads(told.out)["rows"]] == [str(row["id"]) for row in late]
        assert f"{'America/Chicago' if late else 'UTC'} time." in told.err
