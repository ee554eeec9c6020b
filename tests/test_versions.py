"""Everything that asks a server, on the versions between those of all other tests: PostgreSQL 14, 16 and 17."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.demo.server import Cluster
from tests.fixtures.databases import fresh
from tests.panes.locking import scene

SCHEMA = (
    "migrate up --yes",
    "migrate verify",
    "migrate up --to 006 --yes --reason to-see-it-work",
    "migrate down --to 003 --yes --reason to-see-it-work",
    "migrate up --yes",
    "migrate verify",
    "roles apply --yes",
)
"""Up, up by name, down with everything above, up again."""

ASKED = (
    *("migrate status", "migrate plan up", "migrate plan down --all", "migrate history", "verify"),
    *("sessions", "locks", "statements", "database", "database --exact", "replication", "progress"),
    *("tables", "tables --exact", "indexes", "hypertables", "chunks", "aggregates", "retention", "jobs"),
    *("maintain --dry-run", "maintain", "profiles", "patients find test"),
    *("audit search since:30d", "audit seal"),
)
"""What tells something of a database that is well."""

pytestmark = pytest.mark.long


class Answers:
    """The command line on one database, in this process."""

    def __init__(self, dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self._capsys = capsys

    def __call__(self, words: str, *, well: tuple[int, ...] = (0,)) -> str:
        """What it prints; its exit code is one of `well`."""
        code = run(["--quiet", "--dsn", self.dsn, *words.split()])
        out, err = self._capsys.readouterr()
        assert code in well, f"{words}: {code}, {err}"
        return out

    def rows(self, words: str, *, well: tuple[int, ...] = (0,)) -> list[dict[str, Any]]:
        """The rows of what it prints as JSON."""
        found: list[dict[str, Any]] = json.loads(self(f"{words} --json", well=well))["rows"]
        return found


def test_every_command_answers(between: Cluster, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with fresh(between) as dsn, psycopg.connect(dsn, autocommit=True) as admin:
        answers = Answers(dsn, capsys)
        for words in SCHEMA:
            answers(words)
        for words in ASKED:
            answers(f"{words} --json")
        answers("audit verify --seals --json", well=(1,))  # no day is old enough to be sealed: nothing is proved
        unknown = [row for row in answers.rows("health", well=(0, 1)) if row["level"] == "unknown"]
        assert all(row["remedy"] or row["evidence"] for row in unknown)
        admin.execute("create extension pg_stat_statements")
        admin.execute("select count(*) from tasks where id <> gen_random_uuid()")
        assert any("tasks" in row["query"] for row in answers.rows("statements --limit 1000"))


async def test_who_waits_for_whom(between: Cluster) -> None:
    with fresh(between) as dsn:
        async with scene(dsn) as beds:
            await beds.does("ward", "create table beds (id int)", "begin", "lock table beds")
            await beds.waits("nurse", "select from beds")
            await beds.waits("doctor", "drop table beds")
            assert await beds.drawn() == ["ward", "├─nurse", "└─doctor"]
