"""What a person should hear of wherever he is in the console: a pure function over pulses, and who calls it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from console.config.health import Health
from console.db.pulse import Pulse
from console.units import age

EASED = 0.9
"""An alert stands until its figure is below this part of the threshold that raised it, so that it does not flicker."""

CALM, WARNING, CRITICAL = range(3)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is wrong now."""

    kind: str
    """What is: connections, blocked, transaction, recovery."""
    critical: bool
    """Whether it is past the second threshold."""
    text: str
    """A few words with the figure."""
    pane: str
    """Where more can be seen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands after a pulse, and what must be known of it at the next."""

    levels: Mapping[str, int] = field(default_factory=dict)
    """How bad each kind is."""
    alerts: Sequence[Alert] = ()
    """What is said of it, the worst first."""
    blocked_since: datetime | None = None
    """Since when somebody waits for a lock at every pulse; None while nobody does."""
    in_recovery: bool | None = None
    """Whether it was a standby; None before the first pulse."""
    turned: str = ""
    """What it has become since the console is open; empty if it is what it was."""


def after(standing: Standing, pulse: Pulse, limits: Health) -> Standing:
    """What stands after one more pulse."""
    since = (standing.blocked_since or pulse.as_of) if pulse.blocked else None
    waited = (pulse.as_of - since).total_seconds() if since else 0.0
    turned = _turned(standing, pulse)
    figures = {
        "connections": (100 * pulse.connections / max(1, pulse.connection_limit), *_limits(limits, "connections")),
        "blocked": (waited if since else -1.0, *_limits(limits, "blocked")),
        "transaction": (pulse.longest_transaction or 0.0, *_limits(limits, "transaction")),
        "recovery": (1.0 if turned else 0.0, 1.0, 1.0),
    }
    levels = {kind: level(*figure, before=standing.levels.get(kind, CALM)) for kind, figure in figures.items()}
    raised = sorted((kind for kind in levels if levels[kind] > CALM), key=lambda kind: -levels[kind])
    alerts = tuple(_alert(kind, levels[kind] == CRITICAL, pulse, turned) for kind in raised)
    return Standing(levels, alerts, since, pulse.in_recovery, turned)


def level(figure: float, warn: float, crit: float, *, before: int = CALM) -> int:
    """How bad a figure is; it stays as bad as it was `before` until the figure has eased.

    >>> [level(figure, 80, 90) for figure in (79, 80, 90)]
    [0, 1, 2]
    >>> [level(figure, 80, 90, before=2) for figure in (85, 80.9, 72, 71.9)]
    [2, 1, 1, 0]
    >>> [level(figure, 80, 90, before=1) for figure in (72, 71.9)]
    [1, 0]
    """
    for grade, threshold in ((CRITICAL, crit), (WARNING, warn)):
        if figure >= (EASED * threshold if before >= grade else threshold):
            return grade
    return CALM


class Watch:
    """Follows one database's pulses."""

    def __init__(self, limits: Health) -> None:
        self._limits = limits
        self._standing = Standing()

    def beat(self, pulse: Pulse) -> Sequence[Alert] | None:
        """The alerts after a pulse; None if they are the ones that stood before."""
        before, self._standing = self._standing, after(self._standing, pulse, self._limits)
        return None if self._standing.alerts == before.alerts else self._standing.alerts


def _limits(limits: Health, kind: str) -> tuple[float, float]:
    return getattr(limits, f"{kind}_warn"), getattr(limits, f"{kind}_crit")


def _turned(standing: Standing, pulse: Pulse) -> str:
    if standing.in_recovery in (None, pulse.in_recovery):
        return standing.turned
    return "a standby, which takes no writes" if pulse.in_recovery else "the primary"


def _alert(kind: str, critical: bool, pulse: Pulse, turned: str) -> Alert:
    sessions = "1 session waits" if pulse.blocked == 1 else f"{pulse.blocked} sessions wait"
    text, pane = {
        "connections": (f"{pulse.connections} of {pulse.connection_limit} connections used", "sessions"),
        "blocked": (f"{sessions} for a lock", "locks"),
        "transaction": (f"a transaction is {age(pulse.longest_transaction)} old", "sessions"),
        "recovery": (f"this server has become {turned}", "database"),
    }[kind]
    return Alert(kind, critical, text, pane)
