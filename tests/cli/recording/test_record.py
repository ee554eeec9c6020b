"""`emr-console record` and `replay`, as a person or a timer runs them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli.main import run
from console.db.database import Database
from console.db.target import Target
from console.demo.process import until
from console.demo.server import Cluster
from console.errors import Exit
from console.recorded import RECORDED
from console.services.history.models import Limits
from console.services.history.reading import Reader
from console.services.history.recorder import Recorder
from console.services.history.writing import Writer
from tests.fixtures.running import complete
from tests.terminal import PATIENCE


def test_it_records_for_a_while(pg18_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "night"
    assert run(["--dsn", pg18_database, "record", str(path), "--every", "10ms", "--for", "300ms"]) == 0
    with Reader(path) as reader:
        moments = len(reader.course())
        assert reader.about["version"]
    said = capsys.readouterr()
    assert said.out == ""
    assert f"Recorded: {moments} moment" in said.err
    assert "password" not in path.read_bytes().decode("latin-1")


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_a_signal_ends_it_well(pg18_database: str, tmp_path: Path, sign: signal.Signals) -> None:
    path = tmp_path / "night"
    command = [sys.executable, "-m", "console", "--dsn", pg18_database, "record", str(path), "--every", "1s"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "ctrl+c ends it" in process.stderr.readline()
        with Reader(path) as reader:
            complete(until(lambda: bool(reader.course()), PATIENCE))
        process.send_signal(sign)
        assert "Recorded: " in process.stderr.read()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def night(pg18: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of one moment."""
    path = tmp_path_factory.mktemp("recorded") / "night"
    complete(record(pg18.target(), path))
    return path


async def record(target: Target, path: Path) -> None:
    async with Database(target) as db:
        with Writer(path, {}, "a test", Limits()) as writer:
            writer.add(await Recorder(db, RECORDED, writer).moment())


@pytest.mark.parametrize("words", [["--every", "0s"], ["--keep", "soon"], ["--size", "-1"]])
def test_a_span_that_is_none_is_refused(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["record", str(tmp_path / "night"), *words]) == Exit.USAGE
    assert "Nothing was done." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sentence", ["is no recording", "is damaged", "cannot be read", "needs a terminal"])
def test_what_cannot_be_replayed_is_one_sentence(
    night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sentence: str
) -> None:
    path = tmp_path / "night"
    if sentence == "is no recording":
        path.write_text("John Doe\n" * 1_000)
    elif sentence == "is damaged":
        path.write_bytes(night.read_bytes()[:9_000])
    elif sentence == "needs a terminal":
        path = night
    assert run(["replay", str(path)]) == Exit.USAGE
    err = capsys.readouterr().err
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert "Doe" not in err


@pytest.mark.parametrize("words", [["--dsn", "dbname=emr", "replay", "night"], ["replay", "night", "--at", "noon"]])
def test_a_replay_that_makes_no_sense_is_refused(
    words: list[str], night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(night.parent)
    assert run(words) == Exit.USAGE
