"""Where backups are made: private, with room, each in a folder of its own, and nothing left of one that failed."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.backup import place
from console.migrate.backup.models import Progress
from tests.fixtures.availability import Missing
from tests.migrate.backup.making import back_up, left
from tests.migrate.working import ask

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_no_room(tmp_path: Path) -> None:
    with pytest.raises(ConsoleError, match=r"MB free; a backup needs 1,500,000,000 MB, 1\.5 times") as caught:
        place.check(tmp_path, 10**15)
    assert caught.value.exit == Exit.OUT_OF_SPACE


def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(Refused, match="others could exchange"):
        place.check(tmp_path, 0)
    tmp_path.chmod(0o1777)
    assert place.check(tmp_path, 0) == tmp_path


def test_a_folder_below_one_of_others_is_refused(tmp_path: Path) -> None:
    """They could move it away, and put their own in its place."""
    below = tmp_path / "open" / "mine"
    below.mkdir(parents=True, mode=0o700)
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(Refused, match=f"In {tmp_path / 'open'} others could exchange"):
        place.check(below, 0)


def test_what_a_killed_backup_has_left_is_found(tmp_path: Path) -> None:
    killed = tmp_path / "20260102T030405Z-emr.partial"
    killed.mkdir()
    with place.made(tmp_path, "emr", MOMENT) as at_work:
        assert at_work.name == "20260102T030405Z-emr-2.partial"
        assert place.abandoned(tmp_path) == [killed]


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file", tmp_path / "absent" / "deeper"):
        with pytest.raises(UsageError, match="cannot hold a backup") as caught:
            place.check(wrong, 0)
        assert caught.value.hint.startswith("Name a folder that you may write")


def test_one_second_has_room_for_several(tmp_path: Path) -> None:
    for name in ("20260102T030405Z-emr", "20260102T030405Z-emr-2"):
        with place.made(tmp_path, "emr", MOMENT) as folder:
            assert folder.name == f"{name}.partial"
        assert (tmp_path / name).is_dir()
    assert left(tmp_path) == ["20260102T030405Z-emr", "20260102T030405Z-emr-2"]


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), place.made(tmp_path, "emr", MOMENT) as folder:
        place.write(folder / "absent" / "manifest.json", "{}")
    assert left(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path, missing: Missing) -> Iterator[Path]:
    """A disk of 40 MB in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        missing("this account may not mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_a_full_disk(pg18_database: str, small_disk: Path) -> None:
    """It fills up while the dump is written."""
    ask(
        pg18_database,
        "create table noise as select md5(g::text) || md5(g::text || 'x') from generate_series(1, 60000) g",
    )

    def fill(progress: Progress) -> None:
        if progress.phase == "dumping" and not (small_disk / "others").exists():
            with (small_disk / "others").open("wb") as file:
                file.write(bytes(39 * 2**20))

    with pytest.raises(ConsoleError, match="No space left on device") as caught:
        await back_up(pg18_database, small_disk, fill)
    assert caught.value.exit == Exit.BACKUP_FAILED
    assert left(small_disk) == ["others"]
