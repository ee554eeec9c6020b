"""A query is a file: `sql/<name>.sql` beside the module that asks it, and its variants by server version.

`tree.sql` is written for the oldest server we support, `tree.pg16.sql` takes over from PostgreSQL 16 on. The file name
is the whole rule, so that no Python asks for a version.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OLDEST_MAJOR = 14
"""The oldest PostgreSQL that a file without a version in its name is written for."""

_OPENING = re.compile(r"\A(?:--.*\n)*")
# Why a query exists is said to readers of the file; on the server it would fill pg_stat_activity's 1,024 bytes.

_VARIANT = re.compile(r"^(?P<name>[a-z0-9_]+)(?:\.pg(?P<major>\d+))?\.sql$")


@dataclass(frozen=True, slots=True)
class Query:
    """One named query of one package; given the caller's `__package__`, `tree` is `sql/tree.sql` beside it."""

    package: str
    name: str

    def __str__(self) -> str:
        return f"{self.package}/{self.name}"

    def text(self, major: int = OLDEST_MAJOR) -> str:
        """The SQL for a server of that major version, the newest variant that it reaches, without its comment."""
        found = variants(self.package, self.name)
        return found[max(version for version in found if version <= major)]


@cache
def variants(package: str, name: str) -> dict[int, str]:
    """Every variant of a query by the major version from which on it holds.

    Raises LookupError when the package has no such file: a mistake of ours, found by the test that runs every file.
    """
    found: dict[int, str] = {}
    for file in (files(package) / "sql").iterdir():
        match = _VARIANT.match(file.name)
        if match and match["name"] == name:
            found[int(match["major"] or OLDEST_MAJOR)] = _OPENING.sub("", file.read_text("utf-8"))
    if OLDEST_MAJOR not in found:
        raise LookupError(f"{package} has no sql/{name}.sql")
    return found
