"""Every query file says why it exists, parses, and is asked by somebody."""

import re
from pathlib import Path

import pgparse
import pytest

from console.db.query import variants

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "console").rglob("sql/*.sql"))
ASKED = re.compile(r'Query\(__package__, "(\w+)"\)')
VALUE = re.compile(r"%\((\w+)\)s")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_it_says_why(path: Path) -> None:
    assert path.read_text("utf-8").startswith("-- ")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_it_parses(path: Path) -> None:
    package = name(path.parents[1]).replace("/", ".")
    for text in variants(package, path.name.partition(".")[0]).values():
        sql = VALUE.sub("$1", text).replace("%%", "%")
        assert "%(" not in sql
        pgparse.parse(sql)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_it_is_asked(path: Path) -> None:
    modules = "\n".join(module.read_text("utf-8") for module in path.parents[1].glob("*.py"))
    names = set(ASKED.findall(modules)) | set(re.findall(r'"(\w+)"', modules))
    assert path.name.partition(".")[0] in names


def test_every_asked_file_exists() -> None:
    missing = [
        f"{name(module)}: {query}"
        for module in (ROOT / "console").rglob("*.py")
        for query in ASKED.findall(module.read_text("utf-8"))
        if not (module.parent / "sql" / f"{query}.sql").exists()
    ]
    assert missing == []
