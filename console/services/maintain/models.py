"""What maintain has done, step by step.

Each step is also one row of emr_console.event, of kind `maintain.partitions`, `maintain.retire` or `maintain.refresh`.
Its `detail` always has `target` (what it was done to), `reason`, `sql`, `outcome` (one of Outcome), `seconds` and
`message`; partitions has `made`, `moved` (rows by table), `left` and `stay`; retire `partition`, `rows`, `range_end`.
These names are read elsewhere, and stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from console.row import Row

Step = Literal["partitions", "retire", "refresh"]
"""In the order in which they are done."""

Outcome = Literal["done", "nothing", "would", "held", "refused", "failed", "stopped"]
"""Done; there was nothing to do; it would be done without --dry-run; a legal hold stands; a guard said no; the server
said no; a person stopped it."""

KINDS: dict[Step, str] = {
    "partitions": "maintain.partitions",
    "retire": "maintain.retire",
    "refresh": "maintain.refresh",
}
"""The kind of each step's events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one step."""

    step: Step
    """Which."""
    target: str
    """What it was done to."""
    outcome: Outcome
    """What became of it."""
    message: str
    """The same in a sentence."""
    sql: str = ""
    """What was sent, or would be; empty where there was nothing to do."""
    seconds: float = 0.0
    """How long it took."""
    detail: Mapping[str, object] = field(default_factory=dict)
    """Its figures."""
    sqlstate: str | None = None
    """What the server said no with."""
    exit: int = 0
    """What this step alone would end the command with."""

    def as_json(self) -> dict[str, Any]:
        """As scripts read it."""
        names = ("step", "target", "outcome", "message", "sql", "seconds")
        return {name: getattr(self, name) for name in names} | dict(self.detail)


class Standing(Row):
    """What there is to maintain."""

    weeks: bool
    """Whether the schema's function makes weeks here."""
    audit: bool
    """Whether there are audit tables at all."""


class Since(Row):
    """What is old."""

    now: datetime
    """The server's time."""
    since: datetime
    """Seven years earlier."""


class CronJob(Row):
    """A job of pg_cron."""

    id: int
    """Its number."""
    name: str
    """What it is called."""
    schedule: str
    """When it runs, as cron writes it."""
    command: str
    """What it sends."""
