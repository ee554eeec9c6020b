"""`emr-console patients import` as scripts and people use it."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.cli.person import at_a_terminal
from tests.migrate.working import ask, one

HEADING = "mrn,first_name,last_name,date_of_birth,emr_system,emr_patient_id\n"
AGREED = ("--yes", "--reason", "for a test")
KEYS = {
    "dry_run", "read", "valid", "invalid", "new", "same", "conflicting", "inserted", "sha256", "findings",
    "findings_total", "seconds", "error", "exit",
}  # fmt: skip


class Cli:
    """Runs the command on one database and one file, in this process."""

    def __init__(self, dsn: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self.file = file
        self._capsys = capsys
        self.err = ""
        """What the last command said on stderr."""

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and stdout."""
        code = run(["--dsn", self.dsn, "patients", "import", str(self.file), *words])
        out, self.err = self._capsys.readouterr()
        return code, out

    def json(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Exit code and the object on stdout."""
        code, out = self(*words, "--json")
        return code, json.loads(out)

    def write(self, *rows: str) -> None:
        """A file with these rows below the heading."""
        self.file.write_text(HEADING + "".join(f"{row}\n" for row in rows))

    @property
    def patients(self) -> int:
        """How many are there."""
        return int(one(self.dsn, "select count(*) from patients"))


@pytest.fixture
def cli(pg18_migrated: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(pg18_migrated, tmp_path / "patients.csv", capsys)
    made.write("TEST-1,Test,One,1960-01-01,EPIC,TP1", "TEST-2,Test,Two,1960-01-02,CERNER,TP1")
    return made


WRONG = "TEST-3,Test,Geheim,1960-02-30,EPIC,TP3"


def test_a_dry_run_writes_nothing_and_an_import_does(cli: Cli) -> None:
    code, found = cli.json("--dry-run")
    assert (code, found["dry_run"], found["new"], found["inserted"], cli.patients) == (0, True, 2, 0, 0)
    assert one(cli.dsn, "select count(*) from audit_logs") == 0
    code, found = cli.json(*AGREED)
    assert (code, found["exit"], found["error"], found["findings"]) == (0, 0, None, [])
    assert found.keys() == KEYS
    assert (found["read"], found["valid"], found["new"], found["inserted"], cli.patients) == (2, 2, 2, 2, 2)
    code, found = cli.json()
    assert (code, found["same"], found["new"], found["inserted"], cli.patients) == (0, 2, 0, 0, 2)


def test_findings(cli: Cli) -> None:
    cli.write("TEST-1,Test,One,1960-01-01,EPIC,TP1", WRONG)
    finding = {"line": 3, "field": "date_of_birth", "rule": "is no date that exists, as YYYY-MM-DD"}
    code, found = cli.json("--dry-run")
    assert (code, found["exit"], found["error"], found["findings"]) == (Exit.FINDINGS, Exit.FINDINGS, None, [finding])
    code, found = cli.json(*AGREED)
    assert (code, found["error"]["code"], found["findings"]) == (Exit.REFUSED, Exit.REFUSED, [finding])
    assert "The file has 1 finding, so none of its patients were imported. Nothing was written." in cli.err
    assert cli.patients == 0
    assert "Geheim" not in json.dumps(found) + cli.err


def test_for_people(cli: Cli) -> None:
    cli.write(WRONG)
    code, out = cli("--dry-run")
    assert code == Exit.FINDINGS
    assert out.splitlines() == [
        "line\tcolumn\twhat is wrong",
        "2\tdate_of_birth\tis no date that exists, as YYYY-MM-DD",
        "what\trecords",
        "read\t1",
        "valid\t0",
        "invalid\t1",
        "new\t0",
        "same\t0",
        "conflicting\t0",
        "inserted\t0",
    ]


def test_what_the_name_says(cli: Cli) -> None:
    names: list[tuple[str, tuple[str, ...]]] = [("1.jsonl", ()), ("2.NDJSON", ()), ("3.txt", ("--format", "jsonl"))]
    for name, words in names:
        values = [f"TEST-{name[0]}", "Test", "One", "1960-01-01", "EPIC", f"TP{name[0]}"]
        cli.file = cli.file.with_name(name)
        cli.file.write_text(json.dumps(dict(zip(HEADING.strip().split(","), values, strict=True))))
        assert cli.json(*words, *AGREED)[1]["inserted"] == 1, name
    cli.file = cli.file.with_name("patients.xlsx")
    code, found = cli.json("--dry-run")
    assert code == Exit.USAGE
    assert "--format csv" in found["error"]["hint"]


def test_what_it_needs_without_a_terminal(cli: Cli) -> None:
    for words, hint in (
        ((), "--yes and --reason TEXT"),
        (("--yes",), "--reason TEXT"),
        (("--reason", "for a test"), "--yes"),
    ):
        code, found = cli.json(*words)
        assert code == found["error"]["code"] == Exit.USAGE
        assert found["error"]["hint"] == f"Add {hint}."
    assert cli.patients == 0


def test_an_unreadable_file(cli: Cli) -> None:
    cli.file = cli.file.with_name("nowhere.csv")
    code, found = cli.json("--dry-run")
    assert code == Exit.USAGE
    assert found["error"]["message"].endswith("nowhere.csv cannot be read: No such file or directory.")


def test_without_the_right_to_write(cli: Cli) -> None:
    role = f"visitor_{one(cli.dsn, 'select current_database()')}"
    ask(cli.dsn, f"create role {role} login bypassrls password 'geheim'")
    ask(cli.dsn, f"grant select on all tables in schema public to {role}")
    try:
        cli.dsn += f" user={role} password=geheim"
        assert cli.json("--dry-run")[0] == 0
        assert cli.json(*AGREED)[0] == Exit.NO_PRIVILEGE
    finally:
        cli.dsn = cli.dsn.partition(" user=visitor")[0]
        ask(cli.dsn, f"drop owned by {role}")
        ask(cli.dsn, f"drop role {role}")
    assert cli.patients == 0


def test_a_question_on_a_terminal(cli: Cli) -> None:
    asked = "this inserts 2 patients; there already: 0. Go on? [y/N] "
    with at_a_terminal({asked: "y", "Why, for the record: ": "the EMR's export"}):
        assert cli()[0] == 0
    assert cli.patients == 2
    assert one(cli.dsn, "select metadata ->> 'reason' from audit_logs where metadata ? 'reason'") == "the EMR's export"
