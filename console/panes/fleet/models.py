"""The servers that the configuration names, and how each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.row import Row


class Lag(Row):
    """How far a standby is behind."""

    lag: float | None
    """Seconds, of this standby or of the slowest one of this primary; None where there is none."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the configuration says of a server."""

    name: str
    """As in --profile."""
    environment: str | None = None
    """What it is for, as far as the configuration or the database says."""
    host: str = ""
    """Where it is; empty where not even that is known."""
    database: str = ""
    """The database."""
    user: str = ""
    """The role that logs in."""
    here: bool = False
    """Whether this console is open on it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a server said of itself."""

    role: str
    """primary or standby."""
    version: str
    """PostgreSQL's, such as 18.6."""
    flavour: str
    """timescale, apache or plain."""
    connections: int | None
    """Clients connected."""
    connection_limit: int | None
    """How many could be."""
    blocked: int | None
    """Backends that wait for a lock; None where our role does not see them all."""
    longest_transaction: float | None
    """Seconds of the oldest transaction."""
    lag: float | None
    """Seconds that it, or the slowest of its standbys, is behind."""
    applied: int | None
    """Migrations that are applied; None where that may not be read."""
    migrations: int | None
    """Migrations that there are for it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One server of the fleet."""

    profile: Profile
    """As it is configured."""
    found: Found | None = None
    """How it is; None where it could not be asked."""
    error: str = ""
    """Why not, in one sentence."""
    asked: bool = True
    """Whether it was asked now; one that said no to a password is asked again on request only."""

    @property
    def name(self) -> str:
        """The profile's name, its key."""
        return self.profile.name

    @property
    def production(self) -> bool:
        """Whether it is production."""
        return self.profile.environment == "production"

    def as_json(self) -> dict[str, object]:
        """The row for scripts."""
        profile, found = self.profile, self.found
        known = {name: getattr(found, name, None) for name in Found.__dataclass_fields__}
        return {
            "name": profile.name,
            "environment": profile.environment,
            "host": profile.host or None,
            "database": profile.database or None,
            "user": profile.user or None,
            "reachable": found is not None,
            "error": self.error or None,
            **known,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of them at one moment."""

    as_of: datetime
    """When it was, by this machine's clock: each server has its own."""
    members: Sequence[Member]
    """In the order of the configuration."""
    path: str
    """The configuration file, which may be absent."""
