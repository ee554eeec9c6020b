"""What a migration needs of its server, checked for all of a run before the first one begins."""

from collections.abc import Sequence

from console.db.query import OLDEST_MAJOR
from console.db.server import Server
from console.errors import ReadOnlyServer, Refused, Unsupported
from console.migrate.files import Script
from console.migrate.selection import UNCHANGED
from console.migrate.standing import Standing


def require_server(server: Server) -> None:
    """Stop at a standby and at a server that is too old."""
    server.require("The migration engine", pg=OLDEST_MAJOR)
    if server.in_recovery:
        raise ReadOnlyServer(
            "This server is a standby and takes no changes.", state=UNCHANGED, hint="Connect to the primary."
        )


def require_scripts(standing: Standing, scripts: Sequence[Script]) -> None:
    """Stop unless this server can run every one of these scripts."""
    for script in scripts:
        if not script.header.transaction:
            raise Refused(
                f"{script.file} says transaction = off, which this version cannot run yet.",
                state=UNCHANGED,
                hint="Run it by hand, or leave it out.",
            )
    facts = standing.timescaledb
    versions = {
        "pg": _numbers(standing.server.version),
        "timescaledb": _numbers(facts.installed or facts.available or ""),
    }
    for script in scripts:
        _require(script, versions)


def _require(script: Script, versions: dict[str, tuple[int, ...]]) -> None:
    for what, least in script.header.requires:
        if versions[what] < least:
            found = _text(versions[what]) or "absent"
            raise Unsupported(
                f"{script.file} needs {_NAMES[what]} {_text(least)} or newer; here it is {found}.", state=UNCHANGED
            )


_NAMES = {"pg": "PostgreSQL", "timescaledb": "TimescaleDB"}


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version: 2.23.0-dev is 2, 23, 0.

    >>> _numbers("2.23.0-dev"), _numbers("18.6"), _numbers("")
    ((2, 23, 0), (18, 6), ())
    """
    return tuple(int(part) for part in version.partition("-")[0].split(".") if part.isdigit())


def _text(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
