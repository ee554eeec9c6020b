"""What the server is and what our role may do there, read once a connection."""

import re
from typing import Literal

from console.db.query import Query
from console.errors import Unsupported
from console.row import Row

FACTS = Query(__package__, "server")

Flavour = Literal["timescale", "apache", "plain"]
"""TimescaleDB with its full licence, TimescaleDB without it, or neither."""


class Server(Row):
    """Facts about one server, one database and our role there."""

    version_num: int
    """Such as 180006."""
    version: str
    """Such as 18.6."""
    database: str
    """The database's name."""
    session_user: str
    """The role that logged in."""
    user: str
    """The role whose rights hold now."""
    superuser: bool
    """Whether rights are checked at all."""
    bypasses_rls: bool
    """Whether row security is ignored for this role."""
    in_recovery: bool
    """A standby; it takes no writes."""
    read_only: bool
    """Whether this session's transactions take no writes: ours where we read, or somebody's setting where we write."""
    single_session: bool
    """Every connection is the same backend: one connection at a time, settings by SET LOCAL, no cancel."""
    predefined_roles: list[str]
    """The pg_* roles whose rights we have."""
    timescaledb: str | None
    """The extension's version in this database; None where it is not created."""
    timescaledb_license: str | None
    """`timescale` or `apache`; None where the library is not loaded."""
    environment: str | None
    """What ALTER DATABASE .. SET emr.environment says."""
    audited: bool
    """Whether our role can write into the platform's audit log here, so that what is looked at is recorded."""
    tls: bool | None
    """Whether this connection is encrypted; None where the server does not say."""

    @property
    def major(self) -> int:
        """PostgreSQL's major version.

        >>> Server.model_construct(version_num=150020).major
        15
        """
        return self.version_num // 10000

    @property
    def flavour(self) -> Flavour:
        """Which storage this database has.

        >>> Server.model_construct(timescaledb="2.23.0", timescaledb_license="apache").flavour
        'apache'
        """
        if self.timescaledb is None:
            return "plain"
        return "apache" if self.timescaledb_license == "apache" else "timescale"

    def has_role(self, role: str) -> bool:
        """Whether we have the rights of a predefined role such as pg_monitor."""
        return self.superuser or role in self.predefined_roles

    def require(self, what: str, *, pg: int) -> None:
        """Raise, in a sentence an operator can act on, where the server is older than the major version `what` needs.

        >>> Server.model_construct(version_num=140009, version="14.9").require("The io view", pg=16)
        Traceback (most recent call last):
        ...
        console.errors.Unsupported: The io view needs PostgreSQL 16 or newer; this server is 14.9.
        """
        if self.major < pg:
            raise Unsupported(f"{what} needs PostgreSQL {pg} or newer; this server is {self.version}.")


def reaches(found: str | None, needed: str) -> bool:
    """Whether version `found` is at least `needed`, compared number by number.

    >>> reaches("2.9.1", "2.11"), reaches("2.23.0-dev", "2.11"), reaches(None, "2.11")
    (False, True, False)
    """
    return found is not None and _numbers(found) >= _numbers(needed)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0]))
