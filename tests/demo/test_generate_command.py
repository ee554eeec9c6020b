"""`emr-console generate` at the command line."""

import json
import signal
import subprocess
import sys

import psycopg
import pytest

from console.cli.main import run
from console.cli.progress import line
from console.demo.generate import moments
from console.demo.process import until
from console.errors import Exit
from tests.cli.test_signals import others_at_length


def test_what_is_generated_is_told_and_not_mixed_with(
    pg18_migrated: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moments, "SPAN", 182 * moments.DAY)
    generate = ("--dsn", pg18_migrated, "generate")
    small = (*generate, "--scale", "0.0001", "--until", "2026-01-31", "--json")
    assert run(small) == Exit.OK
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert answer["until"] == "2026-01-31T00:00:00.000000Z"
    assert answer["counts"]["audit_logs"] == 1_000
    assert {story["kind"] for story in answer["planted"]} >= {"relative", "night sweep"}
    assert run(small) == Exit.REFUSED
    assert "is not empty" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert run([*generate, "--scale", "0.0002", "--into-existing"]) == Exit.REFUSED
    said = capsys.readouterr().err
    assert "Seed 1 was generated here before; its rows are there already." in said
    assert "Nothing was written. Choose another --seed." in said


@pytest.mark.parametrize("option", ["--scale=0", "--scale=much", "--scale=-1", "--scale=101", "--until=noon"])
def test_bad_options_are_usage(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", "host=/nowhere", "generate", option]) == Exit.USAGE
    assert option.split("=")[0] in capsys.readouterr().err


@others_at_length(signal.SIGINT)
async def test_an_interruption_says_what_is_there(pg18_migrated: str, sign: signal.Signals) -> None:
    with psycopg.connect(pg18_migrated) as holder:
        holder.execute("SELECT count(*) FROM audit_logs")  # nobody can make a partition until we end
        with generating(pg18_migrated) as process:
            await until(lambda: waits_for_a_lock(pg18_migrated), 60)
            process.send_signal(sign)
            _, said = process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED
    assert "Nothing was written." in said
    assert not waits_for_a_lock(pg18_migrated)


def generating(dsn: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "console", "--dsn", dsn, "generate", "--scale", "0.01"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def waits_for_a_lock(dsn: str) -> bool:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone()
    return row == (True,)


def test_progress_counts_down() -> None:
    assert line("tasks", 9, 100, 0.1) == "tasks: 9 of 100 rows"
    assert line("tasks", 100, 100, 2.0) == "tasks: 100 of 100 rows, 50 rows/s, 0 s left"
