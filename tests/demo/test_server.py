"""The embedded server: ours alone, private, and gone when we are."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import psycopg
import pytest

from console.demo import pidfile
from console.demo.account import unprivileged
from console.demo.home import prepare
from console.demo.process import until
from console.demo.server import SOCKET_PATH_LIMIT, Cluster
from console.errors import ConsoleError, Exit
from tests.fixtures.running import SETTINGS, complete, private_folder


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with private_folder() as made:
        yield made


@pytest.fixture(scope="module")
def made(pg18: Cluster, folder: Path) -> Cluster:
    """A cluster of its own."""
    cluster = Cluster(pg18.bindir, folder / "home", settings=SETTINGS)
    prepare(cluster.home, cluster.account)
    complete(cluster.create())
    return cluster


@pytest.fixture
async def stopped(made: Cluster) -> AsyncIterator[Cluster]:
    """That one while no server runs in it."""
    assert made.pid is None
    yield made
    await made.stop()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with any of this, except that it is of the server's account."""
    with subprocess.Popen(["sleep", "60"], **unprivileged().process) as process:
        yield process
        process.kill()


@pytest.fixture
def mute(made: Cluster) -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like its server; a real one that is stopped takes pg_isready three seconds."""
    command = [sys.executable, "-c", "input()", "postgres", str(made.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process


def alive(pid: int) -> bool:
    """Whether a process is there, even one that nobody has waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def owner(file: Path) -> int:
    return file.stat().st_uid


async def test_it_starts_answers_and_stops(stopped: Cluster) -> None:
    await stopped.start()
    pid = stopped.pid
    assert pid is not None
    with psycopg.connect(stopped.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert os.getpgid(pid) == pid != os.getpgid(0), "ctrl-c of the terminal does not reach it"
    assert owner(stopped.data / "postmaster.pid") != 0, "it does not run as root"
    await stopped.stop()
    assert stopped.pid is None
    assert not alive(pid)


async def test_a_server_left_behind_is_found_and_stopped(stopped: Cluster) -> None:
    await stopped.start()
    left = stopped.pid
    assert left is not None
    successor = Cluster(stopped.bindir, stopped.home, settings=SETTINGS)
    assert await successor.stop_stray()
    await stopped.stop()  # only waits for its child, which has ended
    assert not alive(left)
    assert not await successor.stop_stray()


def left_by(pid: int, cluster: Cluster, socket_dir: object = "/nowhere") -> str:
    """What a server of that number has written down."""
    return f"{pid}\n{cluster.data}\n1\n5432\n{socket_dir}\n\n\nready\n"


async def test_an_old_file_with_somebody_elses_number_harms_nobody_and_is_in_nobodys_way(
    stopped: Cluster, bystander: subprocess.Popen[bytes]
) -> None:
    (stopped.data / "postmaster.pid").write_text(left_by(bystander.pid, stopped, stopped.home / "run"))
    assert not await stopped.stop_stray()
    await stopped.start()
    assert bystander.poll() is None


async def test_a_server_that_does_not_answer_is_named(stopped: Cluster, mute: subprocess.Popen[bytes]) -> None:
    file = stopped.data / "postmaster.pid"
    file.write_text(left_by(mute.pid, stopped))
    with pytest.raises(ConsoleError, match=rf"\(process {mute.pid}\) does not answer") as caught:
        await stopped.stop_stray()
    assert str(file) in caught.value.hint
    file.unlink()


INITDB = """\
The files belonging to this database system will be owned by user "nobody".
creating subdirectories ... ok
creating configuration files ... initdb: error: could not write file "postgresql.conf": No space left on device
initdb: removing contents of data directory
"""
"""What it says on a full disk."""


async def test_of_a_full_disk_the_one_line_is_told_that_says_it(
    stopped: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cluster, "_run", AsyncMock(side_effect=[(0, "postgres (PostgreSQL) 18.1"), (1, INITDB)]))
    home = folder / "full"
    prepare(home, stopped.account)
    with pytest.raises(ConsoleError) as caught:
        await Cluster(stopped.bindir, home).create()
    said = 'initdb: error: could not write file "postgresql.conf": No space left on device'
    assert caught.value.state == f"No server is running. It said last: {said}"
    assert caught.value.exit == Exit.OUT_OF_SPACE


@pytest.mark.parametrize("kind", ["link", "pipe"])
async def test_what_is_no_file_of_the_servers_account_is_not_read(stopped: Cluster, kind: str) -> None:
    file = stopped.data / "postmaster.pid"
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(stopped.data / "PG_VERSION")
    assert pidfile.read(stopped.data) is None
    file.unlink()


async def test_a_folder_that_only_its_file_names_stays(
    stopped: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stopped.start()
    file = stopped.data / "postmaster.pid"
    file.write_text(file.read_text().replace(str(stopped.socket_dir), str(tmp_path)))
    monkeypatch.setattr(Cluster, "_answers", AsyncMock(return_value=True))
    assert await Cluster(stopped.bindir, stopped.home, settings=SETTINGS).stop_stray()
    assert owner(tmp_path) == os.geteuid(), "it is still there"


async def test_a_server_that_cannot_start_says_why(stopped: Cluster) -> None:
    broken = Cluster(stopped.bindir, stopped.home, settings={"shared_buffers": "no size"})
    with pytest.raises(ConsoleError, match="ended while it was starting") as caught:
        await broken.start()
    assert 'invalid value for parameter "shared_buffers"' in caught.value.state
    assert broken.pid is None


@pytest.fixture
def deep(stopped: Cluster, folder: Path) -> Cluster:
    """The same cluster by a path that is too long for a socket."""
    home = folder / ("d" * SOCKET_PATH_LIMIT)
    if not home.exists():
        home.symlink_to(stopped.home)
    return Cluster(stopped.bindir, home, settings=SETTINGS)


async def test_a_path_too_long_for_a_socket_gets_a_short_one(deep: Cluster) -> None:
    await deep.start()
    socket_dir = deep.socket_dir
    assert len(str(socket_dir)) <= SOCKET_PATH_LIMIT
    assert socket_dir.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(deep.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    await deep.stop()
    assert not socket_dir.exists()


async def test_the_short_one_goes_with_a_server_left_behind(deep: Cluster) -> None:
    await deep.start()
    socket_dir = deep.socket_dir
    assert await Cluster(deep.bindir, deep.home, settings=SETTINGS).stop_stray()
    assert not socket_dir.exists()
    await deep.stop()


async def test_a_condition_that_never_comes_true_is_not_waited_for_for_ever() -> None:
    with pytest.raises(TimeoutError):
        await until(lambda: False, 0.05)
