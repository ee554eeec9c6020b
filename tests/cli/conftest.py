"""A folder of two migrations, and the command line on it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.cli.main import run
from console.demo.server import Cluster
from tests.migrate.servers import applied
from tests.migrate.working import write_tables


class Cli:
    """Runs commands on one database and one folder of migrations."""

    def __init__(self, dsn: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.dsn = dsn
        self.folder = folder
        self._capsys = capsys
        self.err = ""
        """What the last command said on stderr."""

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and stdout of `migrate` with these words, run in this process."""
        code = run(["--dsn", self.dsn, "migrate", *words, "--migrations", str(self.folder)])
        out, self.err = self._capsys.readouterr()
        return code, out

    def json(self, *words: str) -> tuple[int, list[Any]]:
        """Exit code and the objects on stdout."""
        code, out = self(*words, "--json")
        return code, [json.loads(line) for line in out.splitlines()]

    def command(self, *words: str) -> list[str]:
        """The same for a process of its own."""
        console = [sys.executable, "-m", "console", "--dsn", self.dsn]
        return [*console, "migrate", *words, "--migrations", str(self.folder)]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """The folder of two migrations."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    write_tables(folder, "first", "second")
    return folder


@pytest.fixture
def cli(pg18_database: str, two: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """On an empty database."""
    return Cli(pg18_database, two, capsys)


@pytest.fixture
def after_up(pg18: Cluster, two: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """On one where both are applied."""
    with applied(pg18, two) as dsn:
        yield Cli(dsn, two, capsys)
