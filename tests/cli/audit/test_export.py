"""`emr-console audit export` and `audit verify`: a file, its manifest, and the proof of both."""

import csv
import json
from pathlib import Path

import pytest

from console.cli.main import run
from tests.migrate.working import ask
from tests.services.audit.logging import ANA, ago, event, note, users, write

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
    assert run(["--dsn", pg18_migrated, "audit", "export", search, "--output", out, *WHY]) == 0
    told = capsys.readouterr()
    path = Path(told.out.strip())
    assert path.name == "march.masked.jsonl"
    assert "5 rows" in told.err
    assert "TP0000626" not in told.err + path.read_text() + path.with_name(path.name + ".manifest.json").read_text()
    assert ask(pg18_migrated, "select count(*) from audit_logs where metadata::text like '%TP0000626%'") == [(0,)]
    assert run(["audit", "verify", f"{path}.manifest.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path), "manifest_ok": True, "sha256_ok": True, "rows_ok": True, "complete": True,
        "signature": "absent", "key": None, "key_expected": None, "ok": True,
    }  # fmt: skip
    path.write_bytes(path.read_bytes().replace(b"VIEW", b"VIEV", 1))
    assert run(["audit", "verify", str(path)]) == 1
    told = capsys.readouterr()
    assert (told.out[:41], told.err) == (
        "The file is not the one that was exported",
        "",
    )


def test_without_a_reason_there_is_no_file(
    pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "march.csv")
    for arguments, says in (
        (["--reason", "because"], "The reason has 7 of 8 characters."),
        ([*WHY, "--unmasked"], "The reason begins with a code"),
    ):
        assert run(["--dsn", pg18_migrated, "audit", "export", SPAN, "--output", out, *arguments]) == 2
        assert says in capsys.readouterr().err
    assert list(tmp_path.glob("march*")) == []


def test_reports_about_a_patient(pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = {"emr_system": "EPIC", "emr_patient_id": "TP0000626"}
    write(pg18_migrated, [event(ago(hours=n), action="VIEW" if n else "EXPORT", **known) for n in range(5)])
    write(pg18_migrated, [event(ago(hours=1), emr_system="EPIC", emr_patient_id="TP0000627")])
    for kind, rows, title in (
        ("disclosures", 1, "Accounting of disclosures (45 CFR 164.528), masked"),
        ("access", 5, "Access report, masked"),
    ):
        out = ["--output", str(tmp_path / f"{kind}.html"), *WHY, "--json"]
        assert run(["--dsn", pg18_migrated, "audit", "report", kind, "--patient", "TP0000626", *out]) == 0
        told = json.loads(capsys.readouterr().out)
        page = Path(told["file"]).read_text("utf-8")
        assert told["rows"] == page.count("<tr><td>") == rows
        assert f"<h1>{title}</h1>" in page
        assert "TP0000626" not in page
        assert run(["audit", "verify", told["file"]]) == 0
        capsys.readouterr()


def test_of_somebody_whom_nobody_knows_there_is_no_report(
    pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--output", str(tmp_path / "r.html"), *WHY]
    for words, says in (
        (["access", "--patient", "TEST-9999999"], "No patient has the number or id ***9999"),
        (
            ["disclosures", "--patient", "00000000-0000-0000-0000-00000000dead"],
            "No patient has the number or id ***dead",
        ),
        (["user", "--user", "nobodyknows"], "Nobody of the users is called ***nows."),
    ):
        assert run(["--dsn", pg18_migrated, "audit", "report", *words, *out]) == 2
        told = capsys.readouterr().err
        assert says in told
        assert "Nothing was written." in told
    assert list(tmp_path.glob("r*")) == []


def test_who_is_known_by_rows_alone_has_a_report_that_says_so(pg18_migrated: str, tmp_path: Path) -> None:
    write(pg18_migrated, [event(ago(hours=1), emr_system="EPIC", emr_patient_id="TEST-9999999")])
    words = ["audit", "report", "access", "--patient", "TEST-9999999", "--output", str(tmp_path / "r.csv"), *WHY]
    assert run(["--dsn", pg18_migrated, *words]) == 0
    manifest = json.loads((tmp_path / "r.masked.csv.manifest.json").read_text())
    assert (manifest["rows"], manifest["format"]) == (1, "csv")
    assert "No patient has the number or id ***9999; only rows that name it themselves" in manifest["remark"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export", SPAN, "--output", "e.txt"], "does not say how the file is written"),
        (
            ["export", SPAN, "--output", "e.html", "--format", "csv"],
            "e.html is the name of html, and --format says csv.",
        ),
        (["report", "review", "--output", "e.jsonl"], "End it in .html, .csv"),
    ],
)
def test_a_name_that_says_no_format_or_another(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", *words, *WHY]) == 2
    assert says in capsys.readouterr().err


def test_what_is_known_of_a_disclosure_and_what_is_not(
    pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recipient, purpose and whether it has to be accounted for: what rows say, nothing made up."""
    said: list[dict[str, object]] = [
        {"format": "pdf", "record_count": 1},
        {"reason": "treatment: transfer to ward 9", "recipient": "Dr. Novak"},
        {"reason": "legal: court order 17", "purpose": "=subpoena", "record_count": 2},
        {"reason": "curious", "recipient": " "},
    ]
    write(pg18_migrated, [
        event(ago(hours=n), action="EXPORT", emr_system="EPIC", emr_patient_id="TP0000626", metadata=note(**known))
        for n, known in enumerate(said, 1)
    ])  # fmt: skip
    words = ["--dsn", pg18_migrated, "audit", "report", "disclosures", "--patient", "TP0000626", "--format", "csv"]
    unmasked = ["--unmasked", "--reason", "patient-request: accounting of May"]
    for name, how in (("m.csv", WHY), ("u.csv", unmasked)):
        assert run([*words, "--output", str(tmp_path / name), *how]) == 0
    masked = list(csv.DictReader((tmp_path / "m.masked.csv").read_text().splitlines()))[::-1]
    plain = list(csv.DictReader((tmp_path / "u.unmasked.csv").read_text().splitlines()))[::-1][-4:]
    here, none = "recorded, masked here", "not recorded"
    assert [(r["recipient_masked"], r["purpose_masked"], r["accounting"]) for r in masked[-4:]] == [
        (none, none, none), (here, here, "may be left out: treatment"), (none, here, "to be accounted for: legal"),
        (none, here, none),
    ]  # fmt: skip
    assert [(r["recipient"], r["purpose"]) for r in plain] == [
        (none, none), ("Dr. Novak", "treatment: transfer to ward 9"), (none, "'=subpoena"), (none, "curious"),
    ]  # fmt: skip
    assert [r["description"] for r in masked[-4:]] == [
        "export of patient, as pdf, records: 1", "export of patient, records: not recorded",
        "export of patient, records: 2", "export of patient, records: not recorded",
    ]  # fmt: skip
    assert "Novak" not in (tmp_path / "m.masked.csv").read_text()
    capsys.readouterr()


def test_the_report_of_a_review(pg18_migrated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    users(pg18_migrated, **{"=ana": ANA})
    write(pg18_migrated, [event(ago(hours=1), action="BREAK_GLASS", metadata=note(reason="Novak"))])
    words = ["--dsn", pg18_migrated, "audit", "report", "review"]
    day = ["--since", "2026-03-14", "--until", "2026-03-15"]
    for format_ in ("csv", "html"):
        out = ["--format", format_, "--output", str(tmp_path / f"r.{format_}"), *WHY]
        assert run([*words, *day, *out, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        text = Path(told["file"]).read_text("utf-8")
        assert told["rows"] == 1
        assert "Uses of break-glass without a reason: 1." in text
        assert ("'=ana" in text) is (format_ == "csv")
        assert ("Signed off: no day of it" in text) is (format_ == "html")
        assert "Novak" not in text
        assert run(["audit", "verify", told["file"]]) == 0
        capsys.readouterr()
    out = ["--output", str(tmp_path / "r.csv"), *WHY]
    assert run([*words, "--patient", "x", *out]) == 2
    assert run([*words, "--since", "1y", *out]) == 2
    assert "names no patient" in capsys.readouterr().err


def test_a_report_needs_its_subject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "report", "user", "--patient", "x", "--output", str(tmp_path / "r.html"), *WHY]) == 2
    assert "takes --user" in capsys.readouterr().err
