"""Reading a folder of migrations, and the sentence for each way it can be wrong."""

import os
from pathlib import Path

import pytest

from console.errors import UsageError
from console.migrate import files
from console.migrate.files import default_folder, read_folder, read_script
from tests.migrate.working import write, write_tables


def test_our_own_migrations() -> None:
    folder = read_folder(default_folder())
    for flavour in ("timescale", "plain"):
        versions = [migration.version for migration in folder.of(flavour)]
        assert versions[:5] == ["001", "002", "003", "004", "005"]
    assert all(migration.verify for migration in folder.migrations)


def test_order_is_by_number_and_flavours_share_one(tmp_path: Path) -> None:
    for label in ("1000_last", "002_two.plain", "002_two.timescale", "010_ten", "001_one"):
        write(tmp_path, label, up="select 1")
    (tmp_path / "README.md").write_text("not a migration")
    folder = read_folder(tmp_path)
    assert [migration.label for migration in folder.of("plain")] == ["001_one", "002_two", "010_ten", "1000_last"]
    assert [migration.flavour for migration in folder.of("timescale")] == ["any", "timescale", "any", "any"]


def test_hashes(tmp_path: Path) -> None:
    plain = read_script("a.sql", "create table t (a int);\n")
    commented = read_script("a.sql", "-- why\ncreate  table t (a int) /* so */ ;")
    changed = read_script("a.sql", "create table t (a bigint);\n")
    assert plain.sha256 != commented.sha256
    assert plain.tokens_sha256 == commented.tokens_sha256
    assert plain.tokens_sha256 != changed.tokens_sha256
    assert read_script("a", "select 'a  b'").tokens_sha256 != read_script("a", "select 'a b'").tokens_sha256
    assert read_script("a", "select 1; select 2").tokens_sha256 != read_script("a", "select 1 select 2").tokens_sha256


def test_line_ends_do_not_count(tmp_path: Path) -> None:
    write(tmp_path, "001_one", up="")
    (tmp_path / "001_one.up.sql").write_bytes(b"create table t (\r\n a int\r\n);\r\n")
    script = read_folder(tmp_path).migrations[0].up
    assert script.text == "create table t (\n a int\n);\n"
    assert script.sha256 == read_script("x", "create table t (\n a int\n);\n").sha256


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read \(No such file or directory\)") as caught:
        read_folder(tmp_path / "nowhere")
    assert caught.value.exit == 2


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="Not a directory"):
        read_folder(tmp_path / "file")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "001_one.up.sql").mkdir()
    with pytest.raises(UsageError, match=r"001_one.up.sql cannot be read"):
        read_folder(tmp_path)


def test_what_is_no_file_or_has_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tables(tmp_path, "one")
    monkeypatch.setattr(files, "MOST", 1_000_000)
    (tmp_path / "001_one.up.sql").write_bytes(b" " * 1_000_001)
    with pytest.raises(UsageError, match=r"001_one.up.sql cannot be read \(it is larger than 1 MB\)"):
        read_folder(tmp_path)
    (tmp_path / "001_one.up.sql").unlink()
    os.mkfifo(tmp_path / "001_one.up.sql")
    with pytest.raises(UsageError, match=r"001_one.up.sql cannot be read \(it is no regular file\)"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"001_one.up.sql": "select 1"}, "001_one.up.sql has no .down.sql beside it"),
        ({"001_one.down.sql": "select 1"}, "001_one.down.sql has no .up.sql beside it"),
        ({"001_one.verify.sql": "select 1"}, "001_one.verify.sql has no .up.sql beside it"),
        ({"001_One.up.sql": "select 1"}, "001_One.up.sql is not named like a migration"),
        ({"1_one.up.sql": "select 1"}, "1_one.up.sql is not named like a migration"),
        ({"001_one.sql": "select 1"}, "001_one.sql is not named like a migration"),
        ({"001_one.mysql.up.sql": "select 1"}, "001_one.mysql.up.sql is not named like a migration"),
        ({"001_one.up.sql": "", "001_one.down.sql": "select 1"}, "001_one.up.sql holds no statement"),
        ({"001_one.up.sql": "select 1", "001_one.down.sql": "-- nothing;"}, "001_one.down.sql holds no statement"),
        ({"001_one.up.sql": "select 1;\nselect 'a"}, "001_one.up.sql, line 2: A string that begins here"),
        ({"001_one.up.sql": "\\i x"}, "001_one.up.sql, line 1: A psql command"),
        ({"001_one.up.sql": "select 1;\n commit;"}, "001_one.up.sql, line 2: COMMIT stands here"),
        ({"001_one.up.sql": "BEGIN"}, "001_one.up.sql, line 1: BEGIN stands here"),
        ({"001_one.up.sql": "prepare transaction 'x'"}, "001_one.up.sql, line 1: PREPARE stands here"),
        ({"001_one.up.sql": "-- emr: x = 1\nselect 1"}, "001_one.up.sql, line 1: the header key x is not known"),
    ],
)
def test_refuses_with_file_and_line(tmp_path: Path, found: dict[str, str], says: str) -> None:
    for name, text in found.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=says) as caught:
        read_folder(tmp_path)
    assert caught.value.state == "Nothing was done."


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"select 1;\nselect '\xff'", "line 2: this is not UTF-8"),
        (b"\xef\xbb\xbfselect 1", "begins with a byte order mark"),
        (b"select 1;\nselect 1 \x00; drop table t", "line 2: a NUL stands here"),
    ],
)
def test_refuses_bytes(tmp_path: Path, raw: bytes, says: str) -> None:
    write(tmp_path, "001_one", up="")
    (tmp_path / "001_one.up.sql").write_bytes(raw)
    with pytest.raises(UsageError, match=says):
        read_folder(tmp_path)


@pytest.mark.parametrize("other", ["001_other", "0001_one", "001_other.plain", "001_one.plain"])
def test_one_version_is_one_migration(tmp_path: Path, other: str) -> None:
    write_tables(tmp_path, "one")
    write(tmp_path, other, up="select 1")
    with pytest.raises(UsageError, match="have the same version"):
        read_folder(tmp_path)


def test_irreversible_needs_no_down(tmp_path: Path) -> None:
    write(tmp_path, "001_one", up='-- emr: irreversible = "gone"\nselect 1', down=None)
    assert read_folder(tmp_path).migrations[0].down is None


def test_a_procedure_named_like_a_control_word_is_none(tmp_path: Path) -> None:
    assert len(read_script("a", 'select "commit"; prepare p as select 1').statements) == 2
