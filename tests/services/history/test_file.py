"""A recording as a file: what goes in comes out, old moments make room, and nothing else passes for one."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.errors import ConsoleError, Exit, Refused, UsageError
from console.services.history.file import explained
from console.services.history.models import Limits, Moment, Part
from console.services.history.reading import Reader
from console.services.history.writing import GROUP, Writer

NIGHT = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
ABOUT = {"database": "emr", "host": "db1"}


def moment(number: int, text: bytes = b"") -> Moment:
    """The moment so many seconds after the first."""
    body = text or b'{"rows": [%d, %s]}' % (number, b"4711, " * 50)
    parts = {"sessions": Part(body), "locks": Part(b'"away"', failed=number % 2 == 1)}
    return Moment(NIGHT + timedelta(seconds=number), parts, blocked=number, connections=None if number % 2 else 9)


def write(path: Path, *numbers: int, limits: Limits | None = None, target: str = "db1:5432/emr") -> int:
    """Record these moments; the bytes in use."""
    with Writer(path, ABOUT, target, limits or Limits()) as writer:
        for number in numbers:
            writer.add(moment(number))
        return writer.size


def part(reader: Reader, pane: str, at: datetime, *, back: int = 0) -> Part | None:
    """What a pane was answered then, or so many seconds before."""
    found = reader.part(pane, at, back=timedelta(seconds=back))
    return found and found.part


def numbers(path: Path) -> list[int | None]:
    """Which moments are in the file, each of them read."""
    with Reader(path) as reader:
        for point in reader.course():
            assert part(reader, "sessions", point.at) == moment(point.blocked or 0).parts["sessions"]
        return [point.blocked for point in reader.course()]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, *range(GROUP + 5))
    with Reader(path) as reader:
        assert reader.about == ABOUT
        assert [point.connections for point in reader.course()[:2]] == [9, None]
        assert part(reader, "locks", NIGHT + timedelta(seconds=1)) == Part(b'"away"', failed=True)
        assert part(reader, "jobs", NIGHT) is None
    assert numbers(path) == list(range(GROUP + 5))


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "night"
    before = os.umask(0)
    try:
        write(path, 0)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    write(path, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_moment_that_says_what_the_last_one_said_takes_little(tmp_path: Path) -> None:
    text = b"".join(b'{"pid": %d, "user": "u%d"}' % (n * n, n * 31) for n in range(2_000))
    with Writer(tmp_path / "night", ABOUT, "t", Limits()) as writer:
        writer.add(moment(0, text))
        one = writer.size
        for number in range(1, GROUP):
            writer.add(moment(number, text))
        assert writer.size < 2 * one


def test_what_is_asked_less_often_is_found_from_the_moments_after_it(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, ABOUT, "t", Limits()) as writer:
        for number in range(2 * GROUP):
            now = moment(number)
            slow = {"tables": Part(b"%d" % number * 99)} if number % 7 == 3 else {}
            writer.add(Moment(now.at, {**now.parts, **slow}))
    with Reader(path) as reader:
        assert part(reader, "tables", NIGHT + timedelta(seconds=2), back=10) is None
        for number in range(3, 2 * GROUP):
            at, last = NIGHT + timedelta(seconds=number), number - (number - 3) % 7
            found = reader.part("tables", at, back=timedelta(seconds=10))
            assert found is not None
            assert (found.at, found.part.body) == (NIGHT + timedelta(seconds=last), b"%d" % last * 99)
        assert part(reader, "tables", at, back=0) is None


def test_old_moments_go_by_age(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, *range(3 * GROUP), limits=Limits(age=timedelta(seconds=GROUP)))
    assert numbers(path) == list(range(GROUP, 3 * GROUP)), "a group goes when its last moment is too old"


def test_old_moments_go_by_size(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, ABOUT, "t", Limits(size=200_000)) as writer:
        for number in range(4 * GROUP):
            writer.add(moment(number, os.urandom(2_000)))
    assert path.stat().st_size < 400_000
    with Reader(path) as reader:
        assert reader.course()[-1].blocked == 4 * GROUP - 1
        assert reader.course()[0].blocked != 0


def test_a_recording_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, 0, 1)
    write(path, 2, 3)
    assert numbers(path) == [0, 1, 2, 3]


def test_a_recording_that_grows_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, ABOUT, "t", Limits()) as writer:
        writer.add(moment(0))
        with Reader(path) as reader:
            assert len(reader.course()) == 1
            writer.add(moment(1))
            assert len(reader.course()) == 2


def test_one_recorder_a_file(tmp_path: Path) -> None:
    path = tmp_path / "night"
    with Writer(path, ABOUT, "t", Limits()), pytest.raises(Refused):
        Writer(path, ABOUT, "t", Limits())
    write(path, 0, target="t")


def test_not_into_the_recording_of_another_database(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, 0)
    with pytest.raises(UsageError, match="db1:5432/emr, not of db2:5432/emr"):
        write(path, 1, target="db2:5432/emr")
    assert numbers(path) == [0]


def text_file(path: Path) -> None:
    path.write_text("select 1;\n" * 500)


def other_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("create table moment (at integer)")
    connection.close()


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.symlink_to(path.with_suffix(".elsewhere"))


@pytest.mark.parametrize("make", [text_file, other_database, folder, link])
def test_nothing_of_somebody_elses_is_written_to(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "theirs"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UsageError) as refused:
        write(path, 0)
    assert refused.value.exit is Exit.USAGE
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("make", [text_file, other_database, folder, lambda path: None])
def test_what_is_no_recording_is_said_in_a_sentence(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "theirs")
    with pytest.raises(UsageError):
        Reader(tmp_path / "theirs")


def test_a_recording_without_its_end_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, *range(GROUP))
    path.write_bytes(path.read_bytes()[: 2 * 4096])
    with pytest.raises(UsageError, match="is damaged"):
        Reader(path)


def test_a_damaged_moment_spares_the_others(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, 0, 1)
    with sqlite3.connect(path) as connection:
        connection.execute("update part set body = x'00' where pane = 'sessions' and at = (select max(at) from part)")
    connection.close()
    with Reader(path) as reader:
        assert part(reader, "sessions", NIGHT) is not None
        with pytest.raises(UsageError, match="damaged"):
            part(reader, "sessions", NIGHT + timedelta(seconds=1))


HALF = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("pragma cache_size = 1")
connection.execute("begin")
connection.execute("delete from moment")
connection.execute("insert into part values (1, 'x', 0, zeroblob(1000000))")
os._exit(9)
"""
"""Changes the file, and is gone before the change is whole."""


def test_what_a_killed_recorder_left_half_done_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, 0, 1)
    done = subprocess.run([sys.executable, "-c", HALF, path])
    assert done.returncode == 9
    assert path.with_name("night-journal").exists()
    assert numbers(path) == [0, 1]


def test_a_full_disk_is_said_with_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "night"
    write(path, 0)
    connection = sqlite3.connect(path)
    connection.execute("pragma max_page_count = 10")
    with pytest.raises(ConsoleError) as full, explained(path):
        connection.execute("insert into part values (1, 'x', 0, zeroblob(1000000))")
    connection.close()
    assert full.value.exit is Exit.OUT_OF_SPACE
