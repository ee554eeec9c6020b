"""`emr-console generate` at the command line."""

import json
import signal
import subprocess
import sys

import psycopg
import pytest

from console.cli.progress import line
from console.demo.process import until
from console.errors import Exit


def generate(dsn: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", "--dsn", dsn, "generate", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_answers_with_one_json_object(pg18_migrated: str) -> None:
    done = generate(pg18_migrated, "--scale", "0.0001", "--until", "2026-01-31", "--json")
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    answer = json.loads(done.stdout)
    assert answer["until"] == "2026-01-31T00:00:00.000000Z"
    assert answer["counts"]["audit_logs"] == 1_000
    assert {story["kind"] for story in answer["planted"]} >= {"relative", "night sweep"}
    again = generate(pg18_migrated, "--scale", "0.0001", "--json")
    assert again.returncode == Exit.REFUSED
    assert "is not empty" in json.loads(again.stdout)["error"]["message"]


@pytest.mark.parametrize("option", ["--scale=0", "--scale=much", "--scale=-1", "--scale=101", "--until=noon"])
def test_bad_options_are_usage(option: str) -> None:
    done = generate("host=/nowhere", option)
    assert done.returncode == Exit.USAGE
    assert option.split("=")[0] in done.stderr


def test_a_seed_is_not_generated_twice(pg18_migrated: str) -> None:
    small = ("--scale", "0.0001", "--until", "2026-01-31")
    assert generate(pg18_migrated, *small).returncode == Exit.OK
    again = generate(pg18_migrated, "--scale", "0.0002", "--into-existing")
    assert again.returncode == Exit.REFUSED
    assert "Seed 1 was generated here before; its rows are there already." in again.stderr
    assert "Nothing was written. Choose another --seed." in again.stderr


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda sign: sign.name)
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
