"""A demo in an environment that is against it: no room, nothing to be written, links, signals at bad moments."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.cli.main import run
from console.demo import home, room
from console.demo.account import Account
from console.demo.process import until
from console.errors import Exit, Refused
from tests.demo.headless import LIMIT, PROGRAM, SCALE, end, environment, line, started
from tests.fixtures.running import complete, private_folder

OURSELVES = Account("me", os.geteuid(), os.getegid())
UNCHECKED = f"""
from console.demo import room
room.check = lambda *_: None
{PROGRAM}
"""
"""A demo that finds out only while it is built that there is no room."""

CHILDLESS = f"""
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
{PROGRAM}
"""
"""A demo whose parent hears nothing of its children, which is handed down."""


@contextmanager
def disk(options: str) -> Iterator[Path]:
    """A disk in memory."""
    with private_folder() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            pytest.skip("this account may not mount a small disk, which is no program that could be installed")
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("size", "program"),
    [("60m", PROGRAM), ("30m", UNCHECKED), ("60m", UNCHECKED), ("110m", UNCHECKED)],
    ids=["at once", "in initdb", "in the schema", "in the data"],
)
def test_of_a_disk_that_is_too_small_the_size_that_it_needs_is_told(size: str, program: str) -> None:
    with disk(f"size={size},mode=0711") as folder:
        with started(environment(folder), "--scale", "0.05", program=program) as process:
            _, said = process.communicate(timeout=LIMIT)
        assert process.returncode == Exit.OUT_OF_SPACE
        assert "There is no room for a demo at scale 0.05 in " in said
        assert "it takes about 1.58 GB, and " in said
        assert "--scale 0.005 takes about 378 MB" in said
        assert ("Building" in said) == (program is UNCHECKED and size != "30m")


def test_memory_that_has_no_room_is_no_full_disk(tmp_path: Path) -> None:
    full = 'could not resize shared memory segment "/PostgreSQL.1" to 8 bytes: No space left on device'
    assert not room.is_spent(tmp_path, full)
    assert room.is_spent(tmp_path, f'{full}\ncould not extend file "base/1": No space left on device')


def test_a_disk_that_takes_no_writes_is_named() -> None:
    with disk("mode=0711") as folder:
        place = folder / "demo"
        place.mkdir(mode=0o700)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        for path in (place, folder / "another"):
            with pytest.raises(
                Refused, match=r"cannot be made, or not be written to \(Read-only file system\)"
            ) as caught:
                home.prepare(path, OURSELVES)
            assert caught.value.exit == Exit.READ_ONLY
            assert "XDG_STATE_HOME" in caught.value.hint


def test_a_lock_that_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(Refused, match="cannot be written"), home.occupied(tmp_path):
        pass


@pytest.mark.parametrize("leads_to", ["elsewhere", "nowhere", "data"])
@pytest.mark.parametrize("option", ["--headless", "--fresh"])
def test_a_link_to_elsewhere_is_not_followed(
    tmp_path: Path, leads_to: str, option: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "demo"
    monkeypatch.setattr(home, "location", lambda _: place)
    (place / "elsewhere").mkdir(parents=True)
    kept = place / "elsewhere" / "postmaster.pid"
    kept.touch()
    (place / "data").symlink_to(place / leads_to)
    assert run(["demo", "--headless", option]) == Exit.REFUSED
    said = capsys.readouterr().err
    assert f"The demo's data directory {place / 'data'} is a link to {place / leads_to}. Nothing was started" in said
    assert "Remove the link" in said
    assert (place / "data").is_symlink()
    assert kept.exists()


def test_a_link_that_an_earlier_fresh_put_aside_goes_without_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data.old").symlink_to(tmp_path / "elsewhere")
    home.remove(tmp_path / "data.old")
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_a_file_in_the_place_of_the_data_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Refused, match="is no folder"):
        home.check_data(tmp_path / "data")


def test_a_signal_while_the_data_directory_is_made_leaves_nothing_half_done() -> None:
    with private_folder() as folder:
        where = environment(folder)
        with started(where, "--scale", SCALE) as process:
            complete(until(lambda: any(folder.glob("*/**/data/*")), LIMIT))
            code, said = end(process, signal.SIGTERM)
        assert code == Exit.INTERRUPTED
        assert said.startswith("emr-console: The demo was interrupted before it was ready.")
        assert said.count("\n") == 1
        (data,) = folder.glob("**/data")
        assert list(data.iterdir()) == []
        with started(where, "--scale", SCALE, program=CHILDLESS) as process:
            line(process.stdout)
