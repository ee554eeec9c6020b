"""The embedded server: ours alone, private, and gone when we are."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from console.demo.home import prepare
from console.demo.process import until
from console.demo.server import SOCKET_PATH_LIMIT, Cluster
from console.errors import ConsoleError
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
    """A process that has nothing to do with any of this."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


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


async def test_an_old_file_with_somebody_elses_number_harms_nobody(
    stopped: Cluster, bystander: subprocess.Popen[bytes]
) -> None:
    old = f"{bystander.pid}\n{stopped.data}\n1\n5432\n{stopped.home}/run\n\n\nready\n"
    (stopped.data / "postmaster.pid").write_text(old)
    assert not await stopped.stop_stray()
    assert bystander.poll() is None
    (stopped.data / "postmaster.pid").unlink()


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
