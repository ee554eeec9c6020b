"""`emr-console migrate backup` as scripts and people use it."""

import json
from pathlib import Path

import psycopg
import pytest

from console.cli.main import run
from console.errors import Exit
from tests.cli.conftest import Cli
from tests.migrate.backup.making import left
from tests.migrate.backup.test_programs import install
from tests.migrate.working import ask, one


@pytest.fixture
def parent(home: Path) -> Path:
    """Where backups go."""
    return home / "backups"


def back_up(dsn: str, parent: Path, *words: str) -> int:
    return run(["--dsn", dsn, "migrate", "backup", "--backup-dir", str(parent), *words])


def test_for_scripts(pg18_database: str, parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(pg18_database, "create table tasks as select generate_series(1, 3) as id")
    assert back_up(pg18_database, parent, "--json", "--trial-restore") == Exit.OK
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer.keys() == {"directory", "file", "sha256", "bytes", "seconds", "tables", "trial_restore", "abandoned",
                             "recorded"}  # fmt: skip
    assert answer["file"] == f"{answer['directory']}/database.dump"
    assert [(table["table"], table["rows"]) for table in answer["tables"]] == [("public.tasks", 3)]
    assert answer["trial_restore"]["ok"] is True
    assert err.splitlines()[0] == "Looking whether a backup can be made ..."
    assert err.splitlines()[-2].endswith(f"How to restore it: {answer['directory']}/RESTORE.md")
    assert answer["recorded"] is False
    assert err.splitlines()[-1].endswith("has not migrated this database yet, so there is no ledger.")


def test_for_people(pg18_database: str, parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(pg18_database, "create table tasks as select generate_series(1, 3) as id")
    assert back_up(pg18_database, parent) == Exit.OK
    out, err = capsys.readouterr()
    assert out == "table\trows\npublic.tasks\t3\n"
    assert "3 rows of 1 table in" in err


def test_plans_health_and_history_know_of_it(after_up: Cli, parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = one(after_up.dsn, "select current_database()")
    _, before = after_up("plan", "down", "--last")
    assert "backup none in 24 h; --emergency --backup-dir DIR makes one first\n" in before
    assert health(after_up.dsn, capsys) == "no backup of ours in 1 d; others are not seen from here"
    assert back_up(after_up.dsn, parent) == Exit.OK
    (made,) = left(parent)
    capsys.readouterr()
    _, (planned,) = after_up.json("plan", "down", "--last")
    assert planned["backup"].keys() == {"at", "directory", "note"}
    assert planned["backup"]["directory"] == str(parent / made)
    _, after = after_up("plan", "down", "--last")
    assert f"s ago in {parent / made}\n" in after
    assert health(after_up.dsn, capsys).startswith("backup of ")
    assert "backed up" in after_up("history")[1]
    words = ("--emergency", "--backup-dir", str(parent), "--confirm", name, "--reason", "the ward asked")
    assert after_up("down", "--last", *words)[0] == Exit.OK
    newest = max(left(parent))
    _, (planned,) = after_up.json("plan", "down", "--last")
    assert planned["backup"]["directory"] == str(parent / newest)


def test_a_ledger_that_swallows_it(after_up: Cli, parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(after_up.dsn, "create rule swallow as on insert to emr_console.event do instead nothing")
    assert back_up(after_up.dsn, parent) == Exit.OK
    assert "emr_console.event: The table took it without an error, but wrote no row." in capsys.readouterr().err


def health(dsn: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the check of backups says."""
    capsys.readouterr()
    run(["--dsn", dsn, "health", "--json"])
    return str(next(row["evidence"] for row in json.loads(capsys.readouterr().out)["rows"] if row["id"] == "D20"))


def test_a_trial_that_goes_wrong(pg18_database: str, parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(
        pg18_database,
        "create table z (id int); insert into z values (1);"
        "create function seen(int) returns boolean language sql as 'select exists (select from z where id = $1)';"
        "create table a (id int check (seen(id))); insert into a values (1)",
    )
    assert back_up(pg18_database, parent, "--json", "--trial-restore") == Exit.BACKUP_FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["trial_restore"]["ok"] is False
    assert "The trial restore went wrong: pg_restore failed" in err
    assert len(left(parent)) == 1


def test_the_configured_program(
    pg18_database: str, parent: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = install(home / "bin", "12.1")
    config = home / "config" / "emr-console"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'pg_dump = "{program}"\n')
    assert back_up(pg18_database, parent, "--json") == Exit.UNSUPPORTED
    out, _ = capsys.readouterr()
    assert f"at {program}, which the configuration names; there is 12.1" in json.loads(out)["error"]["message"]
    assert not parent.exists()


def test_no_server(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dsn = psycopg.conninfo.make_conninfo(host=str(home), dbname="absent")
    assert back_up(dsn, home / "backups", "--json") == Exit.CONNECTION
    assert json.loads(capsys.readouterr().out)["error"]["code"] == 3
    assert not (home / "backups").exists()
