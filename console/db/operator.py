"""Who sits at this terminal, by the system's account database and not by an environment that anybody can set."""

import os
import pwd
import socket
from dataclasses import dataclass

APPLICATION_NAME_BYTES = 63
"""PostgreSQL cuts application_name at NAMEDATALEN - 1 bytes."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A person at a machine."""

    user: str
    """The account's name, else its number."""
    host: str
    """The machine's name without its domain."""

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"

    def application_name(self, lane: str) -> str:
        """What other sessions see in pg_stat_activity, at most 63 bytes.

        >>> Operator("ana", "ward-7").application_name("poll")
        'emr-console:poll:ana@ward-7'
        """
        full = f"emr-console:{lane}:{self}".encode("ascii", "replace")
        return full[:APPLICATION_NAME_BYTES].decode("ascii")


def current() -> Operator:
    """The real user id's account on this machine; $USER and $LOGNAME are not asked."""
    uid = os.getuid()
    try:
        user = pwd.getpwuid(uid).pw_name
    except KeyError:
        user = f"uid{uid}"
    return Operator(user, socket.gethostname().partition(".")[0])
