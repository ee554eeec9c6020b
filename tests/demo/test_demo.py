"""`emr-console demo` as a process: built once, used again, alone, live, and gone without a trace of a server."""

import errno
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest

from console.cli.main import run
from console.db.target import Target
from console.demo import build, home
from console.demo.process import until
from console.demo.traffic import scenes, services
from console.demo.traffic.services import traffic
from console.errors import Exit, UsageError
from tests.demo.headless import LIMIT, SCALE, Environment, data_dir, end, environment, line, server, started
from tests.fixtures.running import private_folder
from tests.terminal import Terminal


@dataclass(frozen=True)
class Built:
    """A demo that was built and ended."""

    environment: Environment
    """Where it is."""
    card: dict[str, Any]
    """What it printed."""
    narration: str
    """What it said on stderr."""
    log: str
    """What its server said."""


@pytest.fixture
def place(built: Built, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its folder, which is also that of every demo in this process."""
    found = Path(built.card["data_dir"]).parent
    monkeypatch.setattr(home, "location", lambda _: found)
    return found


@pytest.fixture(scope="module")
def built() -> Iterator[Built]:
    """Built after a first attempt that was killed halfway."""
    with private_folder() as folder:
        where = environment(folder)
        with started(where, "--scale", SCALE) as killed:
            assert line(killed.stderr).startswith("Building the demo at scale 0.0001")
        with started(where, "--scale", SCALE) as process:
            card = json.loads(line(process.stdout))
            code, said = end(process, signal.SIGTERM)
        assert code == Exit.OK
        log = (Path(card["data_dir"]).parent / "server.log").read_text()
        yield Built(where, card, said, log)


def test_an_interrupted_build_is_noticed(built: Built) -> None:
    assert "An earlier build was interrupted; building it again." in built.narration


def test_its_card_says_what_scripts_need(built: Built) -> None:
    card = dict(built.card)
    assert set(card) == {"dsn", "pid", "data_dir", "flavour", "seconds", "counts"}
    assert card["flavour"] == "plain"
    assert card["counts"]["audit_logs"] == 1_000
    assert "passfile=" in card["dsn"]
    assert "password=" not in card["dsn"]


def test_its_data_were_on_disk_before_it_was_called_complete(built: Built) -> None:
    asked = built.log.find("checkpoint starting: immediate force wait\n")
    assert 0 < asked < built.log.find("received fast shutdown request")


def test_nothing_of_it_is_left_running(built: Built) -> None:
    assert server(Path(built.card["data_dir"])) is None


def test_it_is_used_again_by_one_at_a_time_and_after_a_kill(
    built: Built, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with started(built.environment) as first:
        card = json.loads(line(first.stdout))
        assert card["pid"] == first.pid
        with psycopg.connect(card["dsn"]) as connection:
            row = connection.execute("SELECT count(*) >= 1000 FROM audit_logs").fetchone()
            assert row == (True,)
        assert run(["demo", "--headless"]) == Exit.REFUSED
        said = capsys.readouterr().err
        assert f"Another demo is running (process {first.pid})" in said
        assert said.endswith(f"opens on it with: emr-console --dsn '{card['dsn']}'\n")  # one line, to be copied
        first.kill()
    left = server(place / "data")
    assert left is not None
    with started(built.environment, "--no-traffic") as process:
        line(process.stdout)
        now = server(place / "data")
        assert now is not None
        assert now.pid != left.pid
        code, said = end(process, signal.SIGHUP)
    assert code == Exit.OK
    assert "Stopped the server that an earlier demo had left behind." in said
    assert server(place / "data") is None


def test_a_server_that_is_killed_ends_it_at_once(built: Built, place: Path) -> None:
    with started(built.environment) as process:
        line(process.stdout)
        now = server(place / "data")
        assert now is not None
        os.kill(now.pid, signal.SIGKILL)
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == Exit.CONNECTION
    assert "The demo's server ended by SIGKILL, which nobody here has asked for. Its data are kept." in said
    assert "Start the demo again" in said
    with started(built.environment, "--no-traffic") as process:
        line(process.stdout)
        assert end(process, signal.SIGTERM) == (Exit.OK, "")


FOREIGN = {
    "PGHOST": "/nowhere",
    "PGHOSTADDR": "192.0.2.1",
    "PGPORT": "1",
    "PGUSER": "somebody",
    "PGPASSWORD": "anothers",
    "PGSERVICE": "nothing",
    "PGOPTIONS": "-c nonsense=1",
    "PGTZ": "Mars/Crater",
    "PGDATESTYLE": "German, DMY",
    "PGREQUIREAUTH": "none",
    "PGCHANNELBINDING": "require",
}
"""What a person has set who works with a server of another kind."""


def test_the_variables_of_another_server_are_not_for_this_one(built: Built) -> None:
    around = {**built.environment, **FOREIGN, "LC_ALL": "xx_XX.UTF-8", "TZ": "Nowhere/Here"}
    with started(around, "--no-traffic") as process:
        line(process.stdout)
        assert end(process, signal.SIGTERM) == (Exit.OK, "")


def test_an_impatient_second_signal_changes_nothing(built: Built, place: Path) -> None:
    with started(built.environment) as process:
        line(process.stdout)
        process.send_signal(signal.SIGINT)
        while "received fast shutdown request" not in (place / "server.log").read_text() and process.poll() is None:
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT)
    assert (process.returncode, said) == (Exit.OK, "")
    assert server(place / "data") is None


@pytest.mark.usefixtures("place")
def test_another_scale_is_not_built_over_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--headless", "--scale", "0.002"]) == Exit.REFUSED
    assert "--fresh" in capsys.readouterr().err


def test_what_cannot_be_used_again_may_be_built_anew(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passfile = place / "pgpass"
    password = passfile.read_text()
    passfile.write_text("*:*:*:*:anothers\n")
    try:
        assert run(["demo", "--headless"]) == Exit.CONNECTION
    finally:
        passfile.write_text(password)
    assert "--fresh builds the demo anew" in capsys.readouterr().err


def test_a_signal_while_it_is_built_ends_it_in_order() -> None:
    with private_folder() as folder:
        where = environment(folder)
        with started(where, "--scale", SCALE) as process:
            assert line(process.stderr).startswith("Building")
            data = data_dir(where)
            code, said = end(process, signal.SIGTERM)
        assert code == Exit.INTERRUPTED
        assert "The demo was interrupted before it was ready." in said
        assert server(data) is None
        assert home.built(data.parent) is None


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)])
def test_a_signal_leaves_the_terminal_as_it_was(built: Built, sign: signal.Signals) -> None:
    command = [sys.executable, "-m", "console", "demo", "--no-traffic"]
    with Terminal(command, env=built.environment) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.process.send_signal(sign)
        assert terminal.wait() in (Exit.OK, 128 + sign)
        written = bytes(terminal.raw)
        assert written.rfind(b"\x1b[?1049l") > written.rfind(b"\x1b[?1049h")  # the alternate screen is left
        assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")  # the cursor is shown
        assert b"Traceback" not in written
    data = Path(built.card["data_dir"])
    assert server(data) is None
    assert "database system is shut down" in (data.parent / "server.log").read_text()


@pytest.mark.parametrize(
    ("option", "config", "complaint"),
    [
        ("--pane=nowhere", "", 'There is no pane "nowhere".'),
        ("--pane=sessions", "theme = 1\n", "config.toml"),
    ],
)
def test_what_is_wrong_with_the_console_is_said_before_anything_is_built(
    option: str,
    config: str,
    complaint: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(build, "running", lambda *_: pytest.fail("nothing is to be built"))
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    folder = home / "config" / "emr-console"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(config)
    assert run([option, "demo"]) == Exit.USAGE
    assert complaint in capsys.readouterr().err


def test_no_room_at_all_is_a_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "running", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    assert run(["demo", "--headless"]) == Exit.OUT_OF_SPACE
    said = capsys.readouterr().err
    assert "The demo has no room (No space left on device). No server is running." in said
    assert "At scale 0.05 it takes about 1.58 GB" in said
    assert "--scale" in said


@pytest.mark.parametrize("option", ["--dsn=host=/nowhere", "--profile=staging"])
def test_it_takes_no_other_database(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([option, "demo", "--headless"]) == Exit.USAGE
    assert "brings its own database" in capsys.readouterr().err


def sessions(admin: psycopg.Connection) -> dict[str, int]:
    """Sessions of the services, by application."""
    query = "SELECT application_name, count(*) FROM pg_stat_activity WHERE usename LIKE 'emr%' GROUP BY 1"
    return dict(admin.execute(query).fetchall())


def waiting(admin: psycopg.Connection) -> int:
    """Sessions that wait for another one's lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
    row = admin.execute(query).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("place")
async def test_traffic_jams_and_survives_a_restart_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SERVICES", [replace(each, pause=(0.1, 0.5)) for each in services.SERVICES])
    monkeypatch.setattr(services, "RECONNECT_PAUSE", 0.1)
    monkeypatch.setattr(scenes, "THINKING", 0.2)
    everybody: dict[str, int] = {}
    for service in services.SERVICES:
        for name in service.applications:
            everybody[name] = everybody.get(name, 0) + 1
    narration = build.Narration(lambda _: None, lambda _: pytest.fail("nothing is to be built"))
    async with build.running(build.Wish(), narration) as demo:
        dsn = demo.cluster.dsn(build.DATABASE)
        async with traffic(demo.target):
            with psycopg.connect(dsn, autocommit=True) as admin:
                await until(lambda: sessions(admin) == everybody, LIMIT)
                await until(lambda: waiting(admin) >= 2, LIMIT)
            await demo.cluster.stop()
            await demo.cluster.start()
            with psycopg.connect(dsn, autocommit=True) as admin:
                await until(lambda: sessions(admin) == everybody, LIMIT)
        with psycopg.connect(dsn, autocommit=True) as admin:
            await until(lambda: sessions(admin) == {}, LIMIT)


async def test_an_error_beside_the_traffic_comes_out_as_it_is() -> None:
    nowhere = Target({"host": "/nowhere", "user": "postgres"}, "a test")
    with pytest.raises(UsageError, match="no such pane"):
        async with traffic(nowhere):
            raise UsageError("There is no such pane.")
