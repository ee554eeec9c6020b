"""What a killed demo has left: its server is stopped, nobody else is, and no file of a dead one is in the way."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import psycopg
import pytest

from console.demo import home, pidfile, stray
from console.demo.account import unprivileged
from console.demo.process import until
from console.demo.server import Cluster
from console.errors import ConsoleError
from tests.fixtures.running import SETTINGS

FORCE = ((signal.SIGINT, 0.1), (signal.SIGKILL, 20.0))
"""How one ends that does not listen."""


@pytest.fixture
async def left(stopped: Cluster) -> int:
    """Its server, which a demo has left behind."""
    await stopped.start()
    assert stopped.pid is not None
    return stopped.pid


@pytest.fixture
def successor(stopped: Cluster) -> Cluster:
    """The next demo there."""
    return Cluster(stopped.bindir, stopped.home, settings=SETTINGS)


@pytest.fixture
def bystander() -> Iterator[int]:
    """A process that has nothing to do with any of this, except that it is of the server's account."""
    with subprocess.Popen(["sleep", "60"], **unprivileged().process) as process:
        yield process.pid
        assert process.poll() is None
        process.kill()


@pytest.fixture
def lookalike(made: Cluster) -> Iterator[int]:
    """One that is called as its server is, and works in its folder."""
    command = [sys.executable, "-c", "input()", "postgres", "-D", str(made.data)]
    with subprocess.Popen(command, cwd=made.home, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process.pid
        assert process.poll() is None


@pytest.fixture
def zombie() -> Iterator[int]:
    """One that has ended, and that nobody has waited for."""
    process = subprocess.Popen(["true"], **unprivileged().process)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    yield process.pid
    process.wait()


@pytest.fixture
def initdb(stopped: Cluster) -> Iterator[int]:
    """One that makes another data directory in this folder."""
    folder = stopped.home / "other"
    folder.mkdir()
    stopped.account.give(folder)
    command = (stopped.bindir / "initdb", f"--pgdata={folder}")
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=stopped.home, stdout=quiet, stderr=quiet, **stopped.account.process) as process:
        yield process.pid


def looked_at(folder: Path) -> tuple[int, int, list[Path]]:
    """Whose it is, who may enter, and what is in it."""
    return folder.stat().st_uid, folder.stat().st_mode, list(folder.iterdir())


def at_work(cluster: Cluster) -> list[int]:
    return stray.at_work(cluster.home, cluster.account)


@pytest.mark.usefixtures("left")
async def test_a_server_left_behind_is_found_and_stopped(successor: Cluster) -> None:
    assert await successor.stop_stray()
    assert at_work(successor) == []
    assert not await successor.stop_stray()


@pytest.mark.parametrize("text", ["", "0\n", "1\n/elsewhere\n1\n5432\n/run\n\n\nready\n"])
@pytest.mark.usefixtures("left")
async def test_it_is_found_whatever_its_file_says(successor: Cluster, text: str) -> None:
    pidfile.path(successor.data).write_text(text)
    assert await successor.stop_stray()
    assert at_work(successor) == []
    await successor.start()
    await successor.stop()


@pytest.mark.usefixtures("left")
async def test_it_is_found_by_root_without_the_right_to_trace_others(
    successor: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "readlink", Mock(side_effect=PermissionError))
    assert await successor.stop_stray()
    assert at_work(successor) == []
    await successor.start()
    await successor.stop()


async def test_one_that_hangs_is_ended_by_force(left: int, successor: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stray, "ENDINGS", FORCE)
    os.kill(left, signal.SIGSTOP)
    assert await successor.stop_stray()
    await successor.start()
    await successor.stop()


async def test_one_that_stays_is_named(left: int, successor: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stray, "ENDINGS", ())
    with pytest.raises(ConsoleError, match=rf"\(process {left}\) does not stop") as caught:
        await successor.stop_stray()
    assert caught.value.state.startswith("It is still running.")


async def test_of_a_server_that_was_killed_the_rest_is_ended_too(
    left: int, successor: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stray, "ENDINGS", FORCE)
    with psycopg.connect(successor.dsn()) as connection:
        os.kill(connection.info.backend_pid, signal.SIGSTOP)  # so it does not notice
        os.kill(left, signal.SIGKILL)
        await until(lambda: connection.info.backend_pid in at_work(successor), 20.0)
        assert await successor.stop_stray()
    await successor.start()
    await successor.stop()


async def test_an_initdb_left_behind_is_ended(initdb: int, stopped: Cluster) -> None:
    await until(lambda: initdb in at_work(stopped), 20.0)
    assert await stopped.stop_stray()
    assert at_work(stopped) == []


@pytest.mark.parametrize("who", ["bystander", "lookalike", "zombie"])
async def test_a_file_with_anothers_number_harms_nobody_and_is_in_nobodys_way(
    stopped: Cluster, who: str, request: pytest.FixtureRequest
) -> None:
    pid = request.getfixturevalue(who)
    run = stopped.home / "run"
    pidfile.path(stopped.data).write_text(f"{pid}\n{stopped.data}\n1\n5432\n{run}\n\n 1 1\nready\n")
    assert not await stopped.stop_stray()
    await stopped.start()


@pytest.mark.parametrize("text", ["", "abc\n", "0\n", "-5\n", f"{'9' * 30}\n"])
async def test_a_file_that_names_nobody_is_in_nobodys_way(stopped: Cluster, text: str) -> None:
    pidfile.path(stopped.data).write_text(text)
    assert not await stopped.stop_stray()
    await stopped.start()


@pytest.mark.parametrize("kind", ["link", "pipe"])
async def test_what_is_no_file_of_the_servers_account_is_not_read_but_removed(stopped: Cluster, kind: str) -> None:
    file = pidfile.path(stopped.data)
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(stopped.data / "PG_VERSION")
    assert pidfile.read(stopped.data) is None
    assert not await stopped.stop_stray()
    assert not file.is_symlink()
    assert not file.exists()
    assert (stopped.data / "PG_VERSION").exists()


async def test_what_cannot_be_removed_is_named(stopped: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "remove", Mock(side_effect=PermissionError(errno.EPERM, "Operation not permitted")))
    with pytest.raises(ConsoleError, match=f"{pidfile.path(stopped.data)} is in the way") as caught:
        await stopped.stop_stray()
    assert caught.value.hint == "Remove it, then try again."


@pytest.mark.parametrize("kind", ["link", "file"])
async def test_what_is_no_folder_of_the_socket_goes_and_a_link_is_not_followed(
    stopped: Cluster, tmp_path: Path, kind: str
) -> None:
    run = stopped.home / "run"
    home.remove(run)
    if kind == "link":
        run.symlink_to(tmp_path)
    else:
        run.touch()
    before = looked_at(tmp_path)
    await stopped.stop_stray()
    await stopped.start()
    await stopped.stop()
    assert not run.is_symlink()
    assert looked_at(tmp_path) == before


@pytest.mark.usefixtures("left")
async def test_a_folder_that_only_its_file_names_stays(successor: Cluster, tmp_path: Path) -> None:
    file = pidfile.path(successor.data)
    file.write_text(file.read_text().replace(str(successor.socket_dir), str(tmp_path)))
    assert await successor.stop_stray()
    assert list(tmp_path.parent.glob(tmp_path.name)) == [tmp_path], "it is still there"
