"""Every query file says why it exists, parses, and is asked by somebody."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pgparse

from console.db.query import variants
from console.services.audit.export.models import Format

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "console").rglob("sql/*.sql"))
ASKED = re.compile(r'Query\(__package__, "(\w+)"\)')
INCLUDED = re.compile(r"/\* include (?:([\w.]+)/)?(\w+) \*/")
VALUE = re.compile(r"%\((\w+)\)s")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_they_say_why() -> None:
    assert [name(path) for path in FILES if not path.read_text("utf-8").startswith("-- ")] == []


def test_they_parse() -> None:
    assert {name(path): fault for path in FILES if (fault := unparsed(path))} == {}


def unparsed(path: Path) -> str:
    """Why the parser refuses a variant of this query; empty if it takes all."""
    for text in variants(package(path), path.name.partition(".")[0]).values():
        sql = VALUE.sub("$1", text).replace("%%", "%")
        if "%(" in sql:
            return "a value is not written %(name)s"
        try:
            pgparse.parse(sql)
        except pgparse.PGQueryError as fault:
            return str(fault)
    return ""


def test_they_are_asked() -> None:
    assert [name(path) for path in FILES if path.name.partition(".")[0] not in asked(path.parents[1])] == []


@cache
def asked(folder: Path) -> set[str]:
    """What the modules of a folder ask; an export is asked by the name of its format."""
    modules = "\n".join(module.read_text("utf-8") for module in folder.glob("*.py"))
    return set(ASKED.findall(modules)) | (set(get_args(Format)) if folder.name == "export" else set())


def test_parts_say_why_and_are_included() -> None:
    parts = sorted((ROOT / "console").rglob("sql/*.part"))
    assert [name(path) for path in parts if not path.read_text("utf-8").startswith("-- ")] == []
    included = {
        (found[1] or package(path), found[2])
        for path in [*FILES, *parts]
        for found in INCLUDED.finditer(path.read_text("utf-8"))
    }
    assert [name(path) for path in parts if (package(path), path.stem) not in included] == []


def package(path: Path) -> str:
    """Whose query file it is."""
    return name(path.parents[1]).replace("/", ".")


def test_every_asked_file_exists() -> None:
    missing = [
        f"{name(module)}: {query}"
        for module in (ROOT / "console").rglob("*.py")
        for query in ASKED.findall(module.read_text("utf-8"))
        if not (module.parent / "sql" / f"{query}.sql").exists()
    ]
    assert missing == []
