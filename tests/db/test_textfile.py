"""Reading what a person wrote."""

from pathlib import Path

import pytest

from console.db.textfile import read_text
from console.errors import UsageError


def test_an_absent_file_is_none(tmp_path: Path) -> None:
    assert read_text(tmp_path / "absent") is None


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_text(tmp_path)
    assert refused.value.message == f"{tmp_path} cannot be read: Is a directory."


def test_bytes_that_are_no_text_are_not_carried_along(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"hunter2\n\xff")
    with pytest.raises(UsageError, match="file, line 2: this is not UTF-8 text") as refused:
        read_text(tmp_path / "file")
    assert refused.value.__context__ is None
