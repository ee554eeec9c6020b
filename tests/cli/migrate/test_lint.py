"""`emr-console migrate lint` as scripts and people use it."""

import json
from pathlib import Path

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.migrate.working import write


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    """A folder of migrations, and no database anywhere."""
    path = tmp_path / "migrations"
    path.mkdir()
    return path


def lint(folder: Path, *words: str) -> int:
    return run(["migrate", "lint", "--migrations", str(folder), *words])


def test_clean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "001_first", up="create table a (id int)", down="drop table a")
    assert lint(folder) == Exit.OK
    assert capsys.readouterr() == ("", "0 errors, 0 warnings, 0 waived.\n")
    assert lint(folder, "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out) == {"rows": [], "ok": True}


def test_ours_are_clean(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "lint"]) == Exit.OK
    assert capsys.readouterr().err.startswith("0 errors, 0 warnings")


def test_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "001_first", up="create table a (id int)", down="drop table a cascade")
    assert lint(folder, "--json") == Exit.FINDINGS
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    [row] = found["rows"]
    assert row.pop("message").startswith("DROP TABLE CASCADE")
    assert row == {"file": "001_first.down.sql", "line": 1, "rule": "EM08", "severity": "E", "waived": None}
    assert lint(folder) == Exit.FINDINGS
    out, err = capsys.readouterr()
    assert out.splitlines()[1].startswith("001_first.down.sql\t1\tEM08\terror\tDROP TABLE CASCADE")
    assert err == "1 error, 0 warnings, 0 waived.\n"


def test_a_waived_error_and_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    down = '-- emr: waive = EM08 "a test"\ndrop table if exists a cascade'
    write(folder, "001_first", up="create table a (id int)", down=down)
    assert lint(folder, "--json") == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert {(row["rule"], row["waived"]) for row in found["rows"]} == {("EM05", None), ("EM08", "a test")}
    assert lint(folder) == Exit.OK
    assert capsys.readouterr().err == "0 errors, 1 warning, 1 waived.\n"


def test_one_flavour(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "001_first.plain", up="create table a (id int)", down="drop table a")
    write(folder, "001_first.timescale", up="create table a (id int)", down="drop table a cascade")
    assert lint(folder, "--flavour", "plain") == Exit.OK
    assert lint(folder, "--flavour", "timescale") == Exit.FINDINGS
    assert lint(folder) == Exit.FINDINGS


def test_what_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(folder / "nowhere", "--json") == Exit.USAGE
    assert "cannot be read" in json.loads(capsys.readouterr().out)["error"]["message"]
    write(folder, "001_first", up="select 1;\nbegin")
    assert lint(folder) == Exit.USAGE
    assert "001_first.up.sql, line 2: BEGIN stands here" in capsys.readouterr().err
