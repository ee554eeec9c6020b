"""What another program of PostgreSQL needs to reach the very server that a session is on."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

from psycopg import ConnectionInfo
from psycopg.pq.abc import PGconn

from console.db.target import SECRETS

# What belongs to the session alone, and what the address as it was found makes needless.
_LEFT_OUT = SECRETS | {"passfile", "service", "application_name", "options", "client_encoding"}
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HOME")


@dataclass(frozen=True, slots=True, repr=False)
class Handover:
    """The connection of one session for a program of PostgreSQL, apart from its password."""

    environment: Mapping[str, str]
    """libpq's variables with the server's address as it was found, and where certificates lie."""
    password: str
    """What the server was told; empty if it did not ask."""

    @contextmanager
    def passfile(self) -> Iterator[int]:
        """The descriptor of a password file without a name, for PGPASSFILE=/dev/fd/N; nothing stays of it.

        Every process of this account could read a variable of the program, and a named file would outlive a crash.
        """
        with TemporaryFile() as file:
            file.write(f"*:*:*:*:{_escaped(self.password)}\n".encode())
            file.seek(0)  # some systems read on from where a descriptor stands
            yield file.fileno()


def of(pgconn: PGconn, options: str) -> Handover:
    """The connection `pgconn`; `options` are what the person wants of every session."""
    variables = {
        option.envvar.decode(): option.val.decode()
        for option in pgconn.info
        if option.envvar and option.val is not None and option.keyword.decode() not in _LEFT_OUT
    }
    info = ConnectionInfo(pgconn)
    found = {"PGHOST": info.host, "PGHOSTADDR": info.hostaddr, "PGPORT": str(info.port), "PGOPTIONS": options}
    around = {name: os.environ[name] for name in _CERTIFICATES if name in os.environ}
    return Handover(around | variables | found, info.password)


def _escaped(password: str) -> str:
    r"""A field of a password file.

    >>> _escaped("a:b\\c")
    'a\\:b\\\\c'
    """
    return password.replace("\\", "\\\\").replace(":", "\\:")
