"""`emr-console audit export` and `audit verify`: a file, its manifest, and the proof of both."""

import json
from pathlib import Path

import pytest

from console.cli.main import run
from tests.migrate.working import ask
from tests.services.audit.logging import ago, event, write

SPAN = "since:2026-03-01 until:2026-03-14T12:00"
WHY = ["--reason", "the yearly look"]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_file_and_its_proof(pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(pg18_migrated, [event(ago(hours=n), emr_system="EPIC", emr_patient_id="TP0000626") for n in range(5)])
    out = str(tmp_path / "march.jsonl")
    search = f"patient:TP0000626 {SPAN}"
    assert run(["--dsn", pg18_migrated, "audit", "export", search, "--format", "jsonl", "--output", out, *WHY]) == 0
    told = capsys.readouterr()
    path = Path(told.out.strip())
    assert path.name == "march.masked.jsonl"
    assert "5 rows" in told.err
    assert "TP0000626" not in told.err + path.read_text() + path.with_name(path.name + ".manifest.json").read_text()
    assert ask(pg18_migrated, "select count(*) from audit_logs where metadata::text like '%TP0000626%'") == [(0,)]
    assert run(["audit", "verify", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path), "manifest_ok": True, "sha256_ok": True, "rows_ok": True, "complete": True,
        "signature": "absent", "key": None, "key_expected": None, "ok": True,
    }  # fmt: skip
    path.write_bytes(path.read_bytes().replace(b"VIEW", b"VIEV", 1))
    assert run(["audit", "verify", str(path)]) == 1
    assert "The file is not the one that was exported" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--reason", "because"], "The reason has 7 of 10 characters."),
        ([*WHY, "--unmasked"], "The reason begins with a code"),
    ],
)
def test_without_a_reason_there_is_no_file(
    pg18_migrated: str, tmp_path: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "march.csv")
    assert run(["--dsn", pg18_migrated, "audit", "export", SPAN, "--output", out, *arguments]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.glob("march*")) == []


@pytest.mark.parametrize(
    ("kind", "rows", "title"),
    [("access", 5, "Access report, masked"), ("disclosures", 1, "Accounting of disclosures (45 CFR 164.528), masked")],
)
def test_reports_about_a_patient(
    pg18_migrated: str, tmp_path: Path, kind: str, rows: int, title: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"emr_system": "EPIC", "emr_patient_id": "TP0000626"}
    write(pg18_migrated, [event(ago(hours=n), action="VIEW" if n else "EXPORT", **known) for n in range(5)])
    write(pg18_migrated, [event(ago(hours=1), emr_system="EPIC", emr_patient_id="TP0000627")])
    words = ["audit", "report", kind, "--patient", "TP0000626", "--output", str(tmp_path / "r.html"), *WHY, "--json"]
    assert run(["--dsn", pg18_migrated, *words]) == 0
    told = json.loads(capsys.readouterr().out)
    page = Path(told["file"]).read_text("utf-8")
    assert told["rows"] == page.count("<tr><td>") == rows
    assert f"<h1>{title}</h1>" in page
    assert "TP0000626" not in page
    assert run(["audit", "verify", told["file"]]) == 0


def test_a_report_needs_its_subject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "report", "user", "--patient", "x", "--output", str(tmp_path / "r.html"), *WHY]) == 2
    assert "takes --user" in capsys.readouterr().err
