"""Connection services: pg_service.conf, read by us because libpq only looks inside while it connects.

What a service says has to be known earlier: whether it is remote, whether it is production, whether TLS is demanded.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from console.db.textfile import read_text
from console.errors import UsageError

SYSTEM_FOLDERS = ("/etc/postgresql-common", "/etc/sysconfig/pgsql", "/opt/homebrew/etc")
"""Where distributions keep the file for everybody, if PGSYSCONFDIR does not say."""


def lookup(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The keywords of a service, from the person's file or else the system's, as libpq looks for them."""
    files = list(_files(environ))
    for path in files:
        service = _section(path, name)
        if service is not None:
            return service
    raise UsageError(
        f'There is no service "{name}" in {" or ".join(map(str, files)) or "any service file"}.',
        hint="Check the service's name, or PGSERVICEFILE.",
    )


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """The files to search in, best first."""
    if environ.get("PGSERVICEFILE"):
        yield Path(environ["PGSERVICEFILE"])
    elif environ.get("HOME"):
        yield Path(environ["HOME"], ".pg_service.conf")
    folder = environ.get("PGSYSCONFDIR")
    for each in (folder,) if folder else SYSTEM_FOLDERS:
        path = Path(each, "pg_service.conf")
        if path.exists():
            yield path


def _section(path: Path, name: str) -> dict[str, str] | None:
    """The first section of that name; None if the file or the section is absent."""
    found: dict[str, str] | None = None
    for number, line in _lines(path):
        if line.startswith("["):
            if found is not None:
                break
            found = {} if line.startswith(f"[{name}]") else None
        elif found is not None:
            keyword, value = _setting(path, number, line)
            found.setdefault(keyword, value)
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines without blank ones and comments."""
    text = read_text(path) or ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.strip().startswith("#"):
            yield number, line.strip()


def _setting(path: Path, number: int, line: str) -> tuple[str, str]:
    """Keyword and value; libpq takes no quotes and no spaces around the sign."""
    keyword, equals, value = line.partition("=")
    if not equals or keyword.startswith("ldap") or keyword == "service":
        raise UsageError(
            f"{path}, line {number}: this is not keyword=value.",
            hint="A service that refers to LDAP or to another service is not supported: name its host instead.",
        )
    return keyword, value
