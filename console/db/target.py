"""Which database a session goes to, complete, so that nothing of it is left to libpq's environment."""

import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import zip_longest
from types import MappingProxyType
from typing import Literal, get_args

from console.errors import UsageError

Environment = Literal["development", "test", "staging", "production", "other"]
"""The labels that a profile or a database may carry; any other word is no label."""

ENVIRONMENTS: tuple[str, ...] = get_args(Environment)
"""The same as values."""

SECRETS = frozenset({"password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"})
"""The libpq keywords whose values are never shown, stored or handed to another process."""

LOCAL = "[local]"
"""What people read for a socket of this machine."""

DEFAULT_PORT = "5432"
"""Where PostgreSQL listens unless it was told otherwise."""

# libpq fills every keyword that is absent from the environment; one that is present, even empty, it leaves alone.
_UNSET = {
    "host": "",
    "hostaddr": "",
    "port": DEFAULT_PORT,
    "options": "",
    "target_session_attrs": "any",
    "load_balance_hosts": "disable",
}

_USUAL_SOCKETS = ("/tmp", "/private/tmp", "/var/run/postgresql", "/run/postgresql")


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """One database as one source named it; what the source left open has libpq's compiled-in default.

    >>> Target({"host": "db1", "user": "dba", "dbname": "emr", "password": "s3cret"}, "--dsn")
    Target(dba@db1/emr, source='--dsn', environment=None)
    """

    params: Mapping[str, str]
    """libpq keywords and their values, among them always host, hostaddr, port, user and dbname."""

    source: str
    """Where the target comes from, in words."""

    profile: str | None = None
    """The profile's name, if a profile named it."""

    environment: str | None = None
    """The label, one of ENVIRONMENTS; None if nobody gave one."""

    def __post_init__(self) -> None:
        params = _UNSET | {key: value for key, value in self.params.items() if value or key not in _UNSET}
        params["user"] = params.get("user") or _os_user()
        params["dbname"] = params.get("dbname") or params["user"]
        object.__setattr__(self, "params", MappingProxyType(params))

    def __repr__(self) -> str:
        return f"Target({self.address()}, source={self.source!r}, environment={self.environment!r})"

    @property
    def host(self) -> str:
        """Name, address or socket directory, several with commas; empty is libpq's own socket directory."""
        return self.params["host"] or self.params["hostaddr"]

    @property
    def port(self) -> str:
        """The port, several with commas."""
        return self.params["port"]

    @property
    def dbname(self) -> str:
        """The database."""
        return self.params["dbname"]

    @property
    def user(self) -> str:
        """The role that logs in."""
        return self.params["user"]

    @property
    def is_local(self) -> bool:
        """Whether every host is a socket or loopback, so that nothing crosses a network."""
        return all(is_local(address) for address in self._addresses())

    def production(self, server_environment: str | None) -> bool:
        """Whether this is production, by its label or by what the database says of itself.

        >>> Target({}, "--dsn").production("production")
        True
        """
        return self.label(server_environment) == "production"

    def guarded(self, server_environment: str | None) -> bool:
        """Whether to treat it as production: it is, or it is remote and nobody says what it is.

        >>> Target({"host": "db1"}, "--dsn").guarded(None)
        True
        """
        label = self.label(server_environment)
        return label == "production" or (label is None and not self.is_local)

    def label(self, server_environment: str | None) -> str | None:
        """What this database is: production if anybody says so, else the target's label, else the database's.

        >>> Target({}, "profile staging", "staging", "staging").label("production")
        'production'
        """
        said = (server_environment or "").strip().lower()
        if said == "production":
            return said
        return self.environment or (said if said in ENVIRONMENTS else None)

    def same_database(self, other: "Target") -> bool:
        """Whether one of the hosts and the database are equal; the port does not count, a pooler has another one.

        >>> Target({"host": "DB1.", "dbname": "emr"}, "--dsn").same_database(
        ...     Target({"host": "db0,db1", "dbname": "emr"}, "profile production")
        ... )
        True
        """
        return self.dbname == other.dbname and not self._names().isdisjoint(other._names())

    def describe(self) -> str:
        """Who, where and what, for people; a socket is `[local]`, as in psql.

        >>> Target({"host": "/run/emr", "port": "6543", "user": "dba", "dbname": "emr"}, "demo").describe()
        'dba@[local]:6543/emr'
        """
        return self._written(LOCAL if not self.host or self.host.startswith("/") else self.host)

    def address(self) -> str:
        """The same with the socket's folder, where records of several servers are told apart by it.

        >>> Target({"host": "/run/emr", "user": "dba", "dbname": "emr"}, "demo").address()
        'dba@/run/emr/emr'
        """
        return self._written(self.host or "socket")

    def _written(self, host: str) -> str:
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        place = f"[{host}]" if port and host.count(":") > 1 else host
        return f"{self.user}@{place}{port}/{self.dbname}"

    def _addresses(self) -> Iterator[str]:
        """Where libpq really connects: hostaddr wins over host, position by position."""
        hosts, addresses = self.params["host"].split(","), self.params["hostaddr"].split(",")
        return (address or host for host, address in zip_longest(hosts, addresses, fillvalue=""))

    def _names(self) -> set[str]:
        """Every name and address of the hosts, in one spelling."""
        hosts = self.params["host"].split(",")
        return {_spelled(host) for host in (*hosts, *self._addresses()) if host or not self.params["hostaddr"]}


def is_local(host: str) -> bool:
    """Whether one host is a socket (a path, or empty for libpq's own) or a loopback name or address.

    >>> [is_local(host) for host in ("", "/run/emr", "localhost", "127.8.9.1", "::1", "db1", "10.0.0.1")]
    [True, True, True, True, True, False, False]
    """
    if not host or host.startswith(("/", "@")) or host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _spelled(host: str) -> str:
    """One spelling for each host; loopback and the usual sockets lead to the same server.

    >>> [_spelled(host) for host in ("Db1.", "127.0.0.1", "/tmp", "/run/emr", "FE80::0:1")]
    ['db1', 'localhost', 'localhost', '/run/emr', 'fe80::1']
    """
    if host.startswith("/"):
        host = os.path.realpath(host)  # two ways to one socket are one server
    if host.startswith(("/", "@")):
        return "localhost" if host in _USUAL_SOCKETS else host
    if is_local(host):
        return "localhost"
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower().rstrip(".")


def _os_user() -> str:
    """Who runs this process, which is libpq's default for the user."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise UsageError(
            "The connection names no user, and this process's uid has no name on this machine.",
            hint="Name the database user in the connection.",
        ) from None
