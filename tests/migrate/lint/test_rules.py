"""Every rule finds its bad examples and is silent about its good ones."""

from pathlib import Path

import pytest

from console.errors import UsageError
from console.migrate.files import Folder, read_folder
from console.migrate.lint.lint import lint
from console.migrate.lint.rules import RULES
from tests.migrate.lint.examples import BAD, BASE, BASE_DOWN, GOOD, Example
from tests.migrate.working import write


def folder_of(path: Path, example: Example) -> Folder:
    """The base, what comes before the example, and the example as 003."""
    write(path, "001_base", up=BASE, down=BASE_DOWN)
    if example.before:
        write(path, "002_before", up=example.before)
    write(path, "003_example", up=example.up, down=example.down)
    return read_folder(path)


def found_by(path: Path, example: Example) -> list[str]:
    """The messages of the example's rule about its files."""
    findings = lint(folder_of(path, example))
    return [each.message for each in findings if each.rule == example.rule and each.file.startswith("003")]


def named(example: Example) -> str:
    return f"{example.rule} {example.up[:40].strip()}"


@pytest.mark.parametrize("example", BAD, ids=named)
def test_bad(tmp_path: Path, example: Example) -> None:
    assert found_by(tmp_path, example) != []


@pytest.mark.parametrize("example", GOOD, ids=named)
def test_good(tmp_path: Path, example: Example) -> None:
    assert found_by(tmp_path, example) == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("EM02", "select 1;\nbegin"),
        ("EM02", "select 1;\nsavepoint a"),
        ("EM03", "copy tasks from stdin"),
        ("EM03", "\\copy tasks from x"),
    ],
)
def test_refused_when_it_is_read(tmp_path: Path, rule: str, text: str) -> None:
    with pytest.raises(UsageError, match=r"003_example\.up\.sql, line \d"):
        folder_of(tmp_path, Example(rule, text))


def test_a_down_is_wanted(tmp_path: Path) -> None:
    """EM04."""
    write(tmp_path, "001_base", up="select 1", down=None)
    with pytest.raises(UsageError, match=r"has no \.down\.sql"):
        read_folder(tmp_path)
    write(tmp_path, "001_base", up='-- emr: irreversible = "it only reads"\nselect 1', down=None)
    assert lint(read_folder(tmp_path)) == []


def test_every_rule_has_examples_and_a_reason() -> None:
    checked = [rule for rule in RULES if rule.check]
    assert {rule.id for rule in checked} == {each.rule for each in BAD} == {each.rule for each in GOOD}
    assert {rule.id for rule in RULES} - {rule.id for rule in checked} == {"EM03", "EM04"}
    assert [rule.id for rule in RULES] == [f"EM{n:02}" for n in range(1, 21)] + [f"TS{n:02}" for n in range(1, 13)]
    assert all(rule.check.__name__ == rule.id.lower() and rule.check.__doc__ for rule in checked if rule.check)
