"""The list of files that `up` does not lint again is true."""

from pathlib import Path

from console.migrate.files import default_folder, read_folder
from console.migrate.lint import linted
from console.migrate.lint.lint import lint


def test_the_list_is_that_of_the_files() -> None:
    kept = Path(linted.__file__).with_name("linted.txt").read_text("ascii").splitlines()
    assert kept == linted.listed(), "write it anew with python -m console.migrate.lint.linted"


def test_no_rule_refuses_one_of_them() -> None:
    assert [finding for finding in lint(read_folder(default_folder())) if finding.refuses] == []


def test_ours_are_known_and_others_are_not(tmp_path: Path) -> None:
    ours = read_folder(default_folder())
    for flavour in ("plain", "timescale"):
        assert linted.is_linted(ours.of(flavour))
    assert linted.is_linted(ours.of("plain")[:3])
    assert not linted.is_linted(ours.of("plain")[1:])
    for file in default_folder().glob("00*.sql"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    changed = tmp_path / "003_add_vector_clocks.down.sql"
    changed.write_text(changed.read_text("utf-8") + "select 1;\n", "utf-8")
    assert not linted.is_linted(read_folder(tmp_path).of("plain"))
