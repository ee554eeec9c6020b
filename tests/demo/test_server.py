"""The embedded server: ours alone, private, and gone when we are."""

import os
import signal
import tempfile
from pathlib import Path
from unittest.mock import AsyncMock

import psycopg
import pytest

from console.demo.home import prepare
from console.demo.process import until
from console.demo.server import SOCKET_PATH_LIMIT, Cluster
from console.errors import ConsoleError, Exit
from tests.fixtures.running import SETTINGS


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


async def test_rights_that_a_copy_has_widened_are_taken_back(stopped: Cluster) -> None:
    stopped.data.chmod(0o755)
    stopped.passfile.chmod(0o644)
    assert stopped.mend()
    await stopped.start()
    with psycopg.connect(stopped.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_without_its_password_it_is_of_no_use(folder: Path) -> None:
    cluster = Cluster(Path("/nowhere"), folder)
    cluster.data.mkdir()
    assert not cluster.mend()
    cluster.passfile.touch()
    assert not cluster.mend()


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


async def test_a_temporary_folder_too_long_as_well_is_not_taken(
    deep: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("t" * SOCKET_PATH_LIMIT)))
    await deep.start()
    assert deep.socket_dir.parent == Path("/tmp")
    await deep.stop()


async def test_a_path_that_would_be_read_as_two_gets_another(stopped: Cluster, folder: Path) -> None:
    home = folder / "one,two"
    home.symlink_to(stopped.home)
    cluster = Cluster(stopped.bindir, home, settings=SETTINGS)
    await cluster.start()
    assert "," not in str(cluster.socket_dir)
    await cluster.stop()


async def test_the_short_one_of_a_server_that_was_killed_goes_at_the_next_start(deep: Cluster) -> None:
    await deep.start()
    left = deep.socket_dir
    assert deep.pid is not None
    os.kill(deep.pid, signal.SIGKILL)
    successor = Cluster(deep.bindir, deep.home, settings=SETTINGS)
    await successor.stop_stray()
    await successor.start()
    assert not left.exists()
    await successor.stop()
    await deep.stop()


async def test_a_note_of_it_that_is_cut_short_names_nothing_to_remove(
    deep: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (deep.home / "socket-dir").touch()
    await deep.start()
    await deep.stop()
    assert Path.cwd() == tmp_path


async def test_the_short_one_goes_with_a_server_left_behind(deep: Cluster) -> None:
    await deep.start()
    socket_dir = deep.socket_dir
    assert await Cluster(deep.bindir, deep.home, settings=SETTINGS).stop_stray()
    assert not socket_dir.exists()
    await deep.stop()


async def test_a_condition_that_never_comes_true_is_not_waited_for_for_ever() -> None:
    with pytest.raises(TimeoutError):
        await until(lambda: False, 0.05)
