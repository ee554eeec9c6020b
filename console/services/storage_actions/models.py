"""What plans ask the server besides what the storage is read from."""

from datetime import datetime

from console.row import Row


class Clock(Row):
    """The server's time."""

    now: datetime
    """By its clock, not by the transaction's."""


class Span(Row):
    """A span of time that a person has typed."""

    seconds: float
    """How long; a year has 365.25 days here, a month 30."""
    text: str
    """As the server writes it."""


class Owner(Row):
    """Who owns a table."""

    owner: str
    """The role."""
    login: bool
    """Whether it can sign in."""


class Refreshes(Row):
    """What a policy refreshes of a continuous aggregate."""

    start: float | None
    """Seconds before now where it begins; None from the beginning."""
    end: float | None
    """Seconds before now where it ends; None up to now."""
    every: float
    """Seconds between two runs."""
