"""A query is a file: `sql/<name>.sql` beside the module that asks it, and its variants by server version.

`tree.sql` is written for the oldest server we support, `tree.pg16.sql` takes over from PostgreSQL 16 on. The file name
is the whole rule, so that no Python asks for a version. What several queries share is a `sql/<name>.part`, which stands
where one of them says `/* include <name> */`, or from another package `/* include <package>/<name> */`; masks of
patients' data are written as in console/sql/masks.py. Where an extension lives is its administrator's choice: a file
writes `"{schema}".function()`, and `in_schema` says which.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from console.db.identifiers import quote
from console.sql.masks import expanded

OLDEST_MAJOR = 14
"""The oldest PostgreSQL that a file without a version in its name is written for."""

_OPENING = re.compile(r"\A(?:--.*\n)*")
# Why a query exists is said to readers of the file; on the server it would fill pg_stat_activity's 1,024 bytes.

_SCHEMA = '"{schema}"'
_INCLUDE = re.compile(r"/\* include (?:([\w.]+)/)?(\w+) \*/")
_VARIANT = re.compile(r"^(?P<name>[a-z0-9_]+)(?:\.pg(?P<major>\d+))?\.sql$")


@dataclass(frozen=True, slots=True)
class Query:
    """One named query of one package; given the caller's `__package__`, `tree` is `sql/tree.sql` beside it."""

    package: str
    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.package}/{self.name}"

    def text(self, major: int = OLDEST_MAJOR) -> str:
        """The SQL for a server of that major version, the newest variant that it reaches, without its comment."""
        found = variants(self.package, self.name)
        text = found[max(version for version in found if version <= major)]
        return text if self.schema is None else text.replace(_SCHEMA, quote(self.schema).replace("%", "%%"))

    def in_schema(self, schema: str) -> "Query":
        """The same query of an extension's objects where they really are; any name is only a name there."""
        return replace(self, schema=schema)


@cache
def variants(package: str, name: str) -> dict[int, str]:
    """Every variant of a query by the major version from which on it holds.

    Raises LookupError when the package has no such file: a mistake of ours, found by the test that runs every file.
    """
    found = _files(package).get(name, {})
    if OLDEST_MAJOR not in found:
        raise LookupError(f"{package} has no sql/{name}.sql")
    return {major: _whole(package, file.read_text("utf-8")) for major, file in found.items()}


@cache
def _files(package: str) -> dict[str, dict[int, Traversable]]:
    """The files of one package by name and version: listed once, for most of a package's queries are asked in a run."""
    found: dict[str, dict[int, Traversable]] = {}
    for file in (files(package) / "sql").iterdir():
        match = _VARIANT.match(file.name)
        if match:
            found.setdefault(match["name"], {})[int(match["major"] or OLDEST_MAJOR)] = file
    return found


def _whole(package: str, text: str) -> str:
    """A file's statement with what it includes, without the comments that open them."""

    def part(found: re.Match[str]) -> str:
        return _opened((files(found[1] or package) / "sql" / f"{found[2]}.part").read_text("utf-8")).strip()

    return expanded(_INCLUDE.sub(part, _opened(text)))


def _opened(text: str) -> str:
    return _OPENING.sub("", text, count=1)  # without the count it is sought at every place
