"""`emr-console migrate adopt` as a program: what it shows, asks and answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.cli.main import run
from console.errors import Exit
from tests.migrate.working import ask, one, write_tables


class Adopt:
    """The command on one database and one folder."""

    def __init__(self, dsn: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self._words = ["--dsn", dsn, "migrate", "adopt", "--migrations", str(folder)]
        self._capsys = capsys
        self.err = ""
        """What the last call said on stderr."""

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and stdout."""
        code = run([*self._words, *words])
        out, self.err = self._capsys.readouterr()
        return code, out

    def json(self, *words: str) -> tuple[int, Any]:
        """Exit code and the object on stdout."""
        code, out = self(*words, "--json")
        return code, json.loads(out)


@pytest.fixture
def adopt(pg18_database: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Adopt:
    folder = tmp_path / "migrations"
    folder.mkdir()
    write_tables(folder, "first", "second")
    ask(pg18_database, (folder / "001_first.up.sql").read_text("utf-8"))
    return Adopt(pg18_database, folder, capsys)


def test_without_yes_and_terminal_it_looks(adopt: Adopt) -> None:
    """What scripts see of it, and when a table is not what it should be, what people see."""
    code, found = adopt.json()
    assert code == found["exit"] == Exit.FINDINGS
    assert found.keys() == {"rehearsed", "note", "rows", "duplicates", "done", "cleaned", "exit"}
    assert [(row["version"], row["verdict"]) for row in found["rows"]] == [("001", "adopt"), ("002", "pending")]
    assert found["rows"][0].keys() == {
        "version", "name", "verdict", "missing", "different", "unwanted", "failed", "knex",
    }  # fmt: skip
    assert (found["rehearsed"], found["done"], found["cleaned"]) == (True, [], 0)
    assert not one(adopt.dsn, "select to_regnamespace('emr_console') is not null")
    ask(adopt.dsn, "alter table first add column more int")
    code, out = adopt()
    assert code == Exit.FINDINGS
    assert [line.split("\t")[2:4] for line in out.splitlines()] == [
        ["found", "why"],
        ["PARTIAL", "different: table public.first"],
        ["nothing there", ""],
    ]


def test_it_adopts_for_a_reason(adopt: Adopt) -> None:
    code, found = adopt.json("--yes")
    assert code == found["error"]["code"] == Exit.USAGE
    assert found["error"]["hint"] == "Add --reason TEXT."
    code, found = adopt.json("--yes", "--reason", "for a test")
    assert (code, found["done"], found["exit"]) == (Exit.OK, ["001"], 0)
    code, found = adopt.json()
    assert (code, [row["verdict"] for row in found["rows"]]) == (Exit.OK, ["recorded", "pending"])


def test_duplicates(adopt: Adopt) -> None:
    ask(
        adopt.dsn,
        "create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz)",
    )
    ask(adopt.dsn, "insert into knex_migrations (name, batch) values ('001_first.ts', 1), ('001_first.ts', 1)")
    code, found = adopt.json("--yes", "--reason", "for a test")
    assert (code, found["duplicates"]) == (Exit.FINDINGS, [{"name": "001_first.ts", "rows": 2}])
    code, found = adopt.json("--yes", "--reason", "for a test", "--clean-duplicates")
    assert (code, found["cleaned"]) == (Exit.OK, 1)
    code, found = adopt.json()
    assert (code, found["duplicates"]) == (Exit.OK, [])
