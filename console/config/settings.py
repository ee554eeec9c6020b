"""What config.toml may say.

    default_profile = "staging"          # used when neither the command line nor PG* names a database
    interval = 2                         # seconds between two refreshes
    theme = "dark"
    pg_dump = "/opt/postgresql/bin/pg_dump"   # for backups, where the usual places do not do

    [profiles.staging]                   # any name; development, test, staging and production label themselves
    host = "db2.example.org"
    dbname = "emr"
    user = "dba"
    pool = { min = 5, max = 20 }         # connections that the application's pools are expected to hold

    [profiles.night]
    service = "emr-night"                # or dsn = "postgresql://dba@db3/emr"
    environment = "production"
    migrate.role = "emr_owner"           # SET ROLE before a migration
    health.connections_warn = 70         # percent; every threshold is in console/config/health.py
    review.bulk_patients = 40            # and those of reviews in console/config/review.py
    audit.signing_key = "~/keys/audit.pem"    # Ed25519, for exports; or once for all profiles, as [audit]

    [keymap]
    "sessions.sort" = "f5"

Passwords have no place in it: they belong into ~/.pgpass.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from console.config.health import Health
from console.config.review import Review
from console.config.strict import Strict
from console.db import conninfo
from console.db.target import SECRETS, Environment
from console.db.tls import SslMode

Word = Annotated[str, Field(min_length=1)]
"""A text that is not empty."""

NAMED_ALIKE = ("development", "test", "staging", "production")
"""Profiles of these names carry them as their environment unless they say otherwise."""

NO_PASSWORD = "passwords have no place in this file"
"""Said wherever one is found."""


class Pool(Strict):
    """How many connections the application's pools are expected to hold together."""

    min: int = Field(ge=0)
    """While nothing happens."""
    max: int = Field(ge=1)
    """At the busiest time."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError("min is larger than max")
        return self


# Constants need no check: with one, the console's start would wait until what checks is built.
POOLS = {
    "development": Pool.model_construct(min=2, max=10),
    "test": Pool.model_construct(min=1, max=5),
    "staging": Pool.model_construct(min=5, max=20),
    "production": Pool.model_construct(min=10, max=50),
}
"""The pools that the platform configures in each environment."""


class Migrate(Strict):
    """How migrations run on this database."""

    role: Word | None = None
    """The role to become after connecting; None stays the user who logged in."""


class Audit(Strict):
    """The keys that prove where an export comes from, Ed25519 in PEM files."""

    signing_key: Word | None = None
    """File of the private key that signs exports; None: they are not signed."""
    verify_key: Word | None = None
    """File of the public key whose signatures are asked for; None is that of the signing key, if there is one."""


class Profile(Strict):
    """One database under a name: a connection string, a service, or libpq's keywords."""

    environment: Environment | None = None
    """What the database is for; None is treated as production if it is remote."""
    dsn: Word | None = None
    """A connection string, key-value or URI, instead of everything below up to target_session_attrs."""
    service: Word | None = None
    """A section of pg_service.conf; keywords given here win over it."""
    host: Word | None = None
    """Name, address or socket directory."""
    hostaddr: Word | None = None
    """Address to connect to, while host stays the name that the certificate must carry."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """The server's port."""
    dbname: Word | None = None
    """The database; the user's name if not given."""
    user: Word | None = None
    """The role to log in as; the account's name if not given."""
    sslmode: SslMode | None = None
    """libpq's mode; remote production allows nothing below verify-full, which is also its default."""
    sslrootcert: Word | None = None
    """File of the authorities that may vouch for the server; the machine's own if not given."""
    sslcert: Word | None = None
    """File of the client's certificate."""
    sslkey: Word | None = None
    """File of the client's key."""
    passfile: Word | None = None
    """File of passwords in place of ~/.pgpass."""
    target_session_attrs: Literal["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] | None = (
        None
    )
    """Which of several hosts will do."""
    pool: Pool | None = None
    """The application's pools here; None is what POOLS says of the environment."""
    migrate: Migrate = Field(default_factory=Migrate)
    """How migrations run here."""
    health: Health = Field(default_factory=Health)
    """When its health is called bad; console/config/health.py has every threshold."""

    audit: Audit = Field(default_factory=Audit)
    """Keys for exports of its audit log; what is not said here is as in the whole file."""

    review: Review = Field(default_factory=Review)
    """From when on a review of accesses finds something; console/config/review.py has every threshold."""

    @field_validator("dsn")
    @classmethod
    def _readable_without_password(cls, dsn: str | None) -> str | None:
        if dsn is not None and SECRETS & conninfo.parse(dsn).keys():
            raise ValueError(NO_PASSWORD)
        return dsn

    @model_validator(mode="after")
    def _one_way_to_name_it(self) -> Self:
        beside = ", ".join(self.keywords())
        if self.dsn is not None and beside:
            raise ValueError(f"dsn already says it all; it cannot stand beside {beside}")
        return self

    def keywords(self) -> dict[str, str]:
        """The libpq keywords that are given, dsn apart."""
        return {key: str(value) for key, value in self if key in _KEYWORDS and value is not None}

    def expected_pool(self) -> Pool | None:
        """The application's pools here: as configured, else usual for the environment; None if nobody knows.

        >>> Profile(environment="staging").expected_pool()
        Pool(min=5, max=20)
        """
        return self.pool or POOLS.get(self.environment or "")


_KEYWORDS = frozenset(Profile.model_fields) - {"environment", "dsn", "pool", "migrate", "health", "review", "audit"}


class Settings(Strict):
    """The whole file."""

    default_profile: Word | None = None
    """The profile to use when neither the command line nor PG* names a database."""
    interval: float | None = Field(default=None, ge=0.5, le=3600)
    """Seconds between two refreshes of a pane; None is each pane's own."""
    theme: Word | None = None
    """The colours; None is the console's own choice."""
    pg_dump: Word | None = None
    """The program for backups, with pg_restore beside it; None looks where they usually are."""
    audit: Audit = Field(default_factory=Audit)
    """Keys for exports of every profile's audit log."""
    keymap: dict[str, str] = Field(default_factory=dict)
    """Keys, several with commas, by the id of what they do."""
    profiles: dict[str, Profile] = Field(default_factory=dict)
    """The databases that have a name."""

    def migrate_role(self, profile: str | None) -> str | None:
        """The role that a profile wants migrations to run under; None stays the one that logged in."""
        found = self.profiles.get(profile or "")
        return found.migrate.role if found else None

    def thresholds(self, profile: str | None) -> Health:
        """When the health of a profile's database is called bad; the usual ones where there is no profile."""
        found = self.profiles.get(profile or "")
        return found.health if found else Health()

    def audit_keys(self, profile: str | None) -> Audit:
        """The keys for exports: the profile's, else those of the whole file."""
        found = self.profiles.get(profile or "")
        own = found.audit if found else Audit()
        return Audit(
            signing_key=own.signing_key or self.audit.signing_key, verify_key=own.verify_key or self.audit.verify_key
        )

    def review(self, profile: str | None) -> Review:
        """When a review of accesses finds something; as usual where there is no profile."""
        found = self.profiles.get(profile or "")
        return found.review if found else Review()

    @field_validator("profiles", mode="before")
    @classmethod
    def _label_by_name(cls, profiles: Any) -> Any:
        if not isinstance(profiles, dict):
            return profiles
        return {
            name: {"environment": name} | given if name in NAMED_ALIKE and isinstance(given, dict) else given
            for name, given in profiles.items()
        }
