"""What a migration needs of its server, checked for all of a run before the first one begins."""

from collections.abc import Mapping, Sequence

from console.db.server import Server, reaches
from console.errors import ReadOnlyServer, Unsupported
from console.migrate.files import Script
from console.migrate.selection import UNCHANGED
from console.migrate.standing import Standing


def require_server(server: Server) -> None:
    """Stop at a standby, and where a setting forbids writes."""
    if server.in_recovery:
        raise ReadOnlyServer(
            "This server is a standby and takes no changes.", state=UNCHANGED, hint="Connect to the primary."
        )
    if server.read_only:
        raise ReadOnlyServer(
            f"Transactions of {server.session_user} in {server.database} take no changes:"
            " default_transaction_read_only is on. The server itself is no standby.",
            state=UNCHANGED,
            hint="Find out who set it and why (\\drds in psql shows ALTER DATABASE and ALTER ROLE), and have it reset.",
        )


def require_scripts(standing: Standing, scripts: Sequence[Script]) -> None:
    """Stop unless this server can run every one of these scripts."""
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
                hint=f"Update {_NAMES[what]} first, or stop before this file with --to.",
            )


_NAMES = {"pg": "PostgreSQL", "timescaledb": "TimescaleDB"}
