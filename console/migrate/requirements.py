"""What a migration needs of its server, checked for all of a run before the first one begins."""

from collections.abc import Mapping, Sequence

from console.db.query import OLDEST_MAJOR
from console.db.server import Server, reaches
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
    server, facts = standing.server, standing.timescaledb
    versions = {  # a pre-release calls itself 19beta1
        "pg": f"{server.major}.{server.version_num % 10000}",
        "timescaledb": facts.installed or facts.available,
    }
    for script in scripts:
        _require(script, versions)


def _require(script: Script, versions: Mapping[str, str | None]) -> None:
    for what, numbers in script.header.requires:
        least, found = ".".join(map(str, numbers)), versions[what]
        if not reaches(found, least):
            raise Unsupported(
                f"{script.file} needs {_NAMES[what]} {least} or newer; here it is {found or 'absent'}.",
                state=UNCHANGED,
            )


_NAMES = {"pg": "PostgreSQL", "timescaledb": "TimescaleDB"}
