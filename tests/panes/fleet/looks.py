"""The servers of a made-up hospital: the rows of the fleet pane's pictures."""

from collections.abc import Callable
from typing import Any, NoReturn

from console.errors import UsageError
from console.panes.fleet.models import Found, Member, Profile, Snapshot
from console.panes.fleet.view import FleetPane
from console.ui.pane import Pane
from tests.panes.looks import NIGHT, fed

PATH = "/home/ana/.config/emr-console/config.toml"


def found(**known: object) -> Found:
    """A calm primary, except for what is given."""
    calm: dict[str, Any] = {
        "role": "primary", "version": "18.6", "flavour": "timescale", "connections": 31, "connection_limit": 97,
        "blocked": 0, "longest_transaction": 0.3, "lag": None, "applied": 5, "migrations": 5,
    }  # fmt: skip
    return Found(**(calm | known))


def member(
    name: str, environment: str, host: str, what: Found | str, *, asked: bool = True, here: bool = False
) -> Member:
    """One server, or why it could not be asked."""
    profile = Profile(name, environment, host, "emr", "dba", here)
    return Member(profile, None, what, asked) if isinstance(what, str) else Member(profile, what)


def busy() -> Snapshot:
    """One is in trouble, one is away, one does not want our password."""
    members = [
        member("production", "production", "db1", found(connections=88, blocked=5, longest_transaction=743.0, lag=0.2)),
        member("night", "production", "db3", found(role="standby", longest_transaction=None, lag=2.4)),
        member("staging", "staging", "db2", found(flavour="plain", applied=3), here=True),
        member("test", "test", "db4", "Connection refused."),
        member("archive", "other", "db5", 'password authentication failed for user "dba".', asked=False),
        member("reports", "staging", "db6", found(version="15.14", flavour="plain", blocked=None, applied=None)),
    ]
    return Snapshot(NIGHT, members, PATH)


def empty() -> Snapshot:
    """No profile."""
    return Snapshot(NIGHT, [], PATH)


def unreadable() -> NoReturn:
    """A mistake in the configuration."""
    raise UsageError(
        f"{PATH}, line 7: profiles.night.hots: there is no such key.", hint="Correct the key or remove it."
    )


def fleet(answer: Callable[[], Snapshot] = busy) -> type[Pane[Any, Any]]:
    """The fleet pane."""
    return fed(FleetPane, answer)
