"""The connections of each application, beside what its pool is expected to hold, and those that it has left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from console.panes.sessions.models import Session

if TYPE_CHECKING:
    from console.config.settings import Pool

LEAK = 60.0
"""Seconds of idling in a transaction after which somebody has probably forgotten it."""


@dataclass(frozen=True, slots=True)
class Application:
    """All connections that call themselves the same."""

    application: str
    """What they call themselves; empty where they say nothing."""
    connections: int
    """How many there are."""
    active: int
    """Those at work, waiting ones among them."""
    idle: int
    """Those with nothing to do."""
    in_transaction: int
    """Those that idle in a transaction."""
    leaked: int
    """Those of them that have done so for a minute."""
    oldest: float | None
    """Seconds that the worst of them has idled; None where none does."""

    def as_json(self) -> dict[str, object]:
        """As `sessions --json` has it."""
        return asdict(self)


def applications(sessions: Iterable[Session], database: str) -> list[Application]:
    """The clients of one database by application: who leaks first, then who holds most."""
    groups: dict[str, list[Session]] = {}
    for session in sessions:
        backend = session.backend
        if backend.backend_type in (None, "client backend") and backend.database == database:
            groups.setdefault(backend.application or "", []).append(session)
    found = [_summed(name, members) for name, members in groups.items()]
    return sorted(found, key=lambda each: (-each.leaked, -each.connections, each.application))


def _summed(name: str, members: Sequence[Session]) -> Application:
    states = [session.backend.state or "" for session in members]
    idling = [s.backend.state_age or 0.0 for s in members if (s.backend.state or "").startswith("idle in transaction")]
    return Application(
        application=name,
        connections=len(members),
        active=states.count("active"),
        idle=states.count("idle"),
        in_transaction=len(idling),
        leaked=sum(age >= LEAK for age in idling),
        oldest=max(idling, default=None),
    )


def pooled(found: Iterable[Application]) -> int:
    """The connections that pools may hold: all but those of consoles.

    >>> numbers = (7, 0, 7, 0, 0, None)
    >>> pooled([Application("emr-console:poll:ana@ops1", *numbers), Application("sync", *numbers)])
    7
    """
    return sum(each.connections for each in found if not each.application.startswith("emr-console:"))


def pool_verdict(connections: int, pool: Pool | None) -> str:
    """How the connections of all applications stand to what is expected of their pools, in a few words.

    >>> from console.config.settings import Pool
    >>> pool = Pool(min=5, max=20)
    >>> pool_verdict(14, pool), pool_verdict(31, pool), pool_verdict(31, None)
    ('14, as expected (5 to 20)', '31, 11 more than expected (5 to 20)', '31')
    """
    if pool is None:
        return str(connections)
    expected = f"expected ({pool.min} to {pool.max})"
    if connections > pool.max:
        return f"{connections}, {connections - pool.max} more than {expected}"
    if connections < pool.min:
        return f"{connections}, {pool.min - connections} fewer than {expected}"
    return f"{connections}, as {expected}"
