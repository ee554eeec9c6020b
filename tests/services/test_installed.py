"""The folder of migrations, read again only when it must be."""

from pathlib import Path

import pytest

from console.errors import UsageError
from console.services import installed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installation's folder, with one migration in it."""
    monkeypatch.setattr(installed, "default_folder", lambda: tmp_path)
    (tmp_path / "001_one.up.sql").write_text("create table one ()")
    (tmp_path / "001_one.down.sql").write_text("drop table one")
    return tmp_path


def test_files_are_read_again_only_when_one_has_changed(folder: Path) -> None:
    first = installed.folder()
    assert installed.folder() is first
    (folder / "001_one.up.sql").write_text("create table one (id int)")
    assert installed.folder().migrations[0].up.text == "create table one (id int)"


def test_an_unreadable_file_is_a_sentence(folder: Path) -> None:
    assert installed.folder().migrations
    (folder / "002_two.up.sql").symlink_to("nowhere")
    with pytest.raises(UsageError, match=r"002_two.up.sql cannot be read \(No such file or directory\)"):
        installed.folder()
    (folder / "002_two.up.sql").unlink()
    assert installed.folder().migrations


def test_an_unreadable_folder_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed.folder().migrations
    monkeypatch.setattr(installed, "default_folder", lambda: folder / "001_one.up.sql")
    with pytest.raises(UsageError, match=r"cannot be read \(Not a directory\)"):
        installed.folder()
