"""Reading what a person wrote."""

import os
from pathlib import Path

import pytest

from console.db.textfile import MOST, read_text
from console.errors import UsageError


def test_an_absent_file_is_none(tmp_path: Path) -> None:
    assert read_text(tmp_path / "absent") is None


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_text(tmp_path)
    assert refused.value.message == f"{tmp_path} cannot be read: Is a directory."


def test_what_is_no_file_or_has_no_end_is_not_read(tmp_path: Path) -> None:
    """A pipe that nobody writes into would never answer, not even Ctrl-C."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"x" * (MOST + 1))
    for path, why in (
        (tmp_path / "pipe", "it is no regular file"),
        (Path("/dev/zero"), "it is no regular file"),
        (tmp_path / "file", "it is larger than 1 MB"),
    ):
        with pytest.raises(UsageError) as refused:
            read_text(path)
        assert refused.value.message == f"{path} cannot be read: {why}."


def test_the_null_device_is_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to(os.devnull)
    assert read_text(tmp_path / ".env") == ""


def test_line_ends_are_plain(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\nb\rc\n")
    assert read_text(tmp_path / "file") == "a\nb\nc\n"


def test_bytes_that_are_no_text_are_not_carried_along(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"hunter2\n\xff")
    with pytest.raises(UsageError, match="file, line 2: this is not UTF-8 text") as refused:
        read_text(tmp_path / "file")
    assert refused.value.__context__ is None
