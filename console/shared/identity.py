"""What the header says of a target, and of its server once it has answered."""

from typing import TYPE_CHECKING

from console.db.target import LOCAL
from console.ui.identity import Identity

if TYPE_CHECKING:
    from console.db.server import Server
    from console.db.target import Target


def identify(target: "Target", server: "Server | None" = None) -> Identity:
    """The header's words; without a server only what the configuration knows."""
    known = Identity(
        profile=target.profile or origin(target.source),
        production=target.production(server.environment if server else None),
        user=target.user,
        host=LOCAL if not target.host or target.host.startswith("/") else target.host,
        database=target.dbname,
    )
    if server is None:
        return known
    from dataclasses import replace

    return replace(
        known,
        user=server.user,
        database=server.database,
        role="standby" if server.in_recovery else "primary",
        version=server.version,
        audited=server.audited,
        flavour=f"timescale {server.timescaledb}" if server.timescaledb else server.flavour,
    )


def origin(source: str) -> str:
    """A target's source where that says more than its place does; the path of a .env file is said whole.

    >>> origin("PGHOST, PGDATABASE in the environment"), origin("--dsn"), origin("DB_* in /srv/emr/.env")
    ('environment', '', 'DB_* in /srv/emr/.env')
    """
    if source in ("--dsn", "libpq's defaults"):
        return ""
    return "environment" if source.endswith("in the environment") else source
