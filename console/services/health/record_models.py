"""What is written down about the health of a database."""

from dataclasses import dataclass
from datetime import datetime

from console.row import Row


class Sight(Row):
    """Whether our events can be read."""

    there: bool
    """Whether this database has a place for them."""
    readable: bool
    """Whether our role sees all of them, in a plain table."""


class Aside(Row):
    """A snooze as it was written down; anybody who may write events may write anything there."""

    check: str
    """The check's id."""
    until: str
    """When it ends."""
    reason: str
    """Why."""
    operator: str
    """Who."""


class Events(Row):
    """What our events say."""

    as_of: datetime
    """The server's clock."""
    backed_up_at: datetime | None
    """When a backup of ours was made last; None if none was lately."""
    snoozes: list[Aside]
    """The newest one of each check."""


@dataclass(frozen=True, slots=True)
class Records:
    """The same, or why it is not known."""

    sight: Sight
    """Whether they can be read."""
    events: Events | None = None
    """What they say; None where they cannot."""
