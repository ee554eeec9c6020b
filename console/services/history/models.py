"""One moment of a recording, and how much of the past is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Part:
    """What one pane was answered."""

    body: bytes
    """Its rows as JSON; where there was no answer, why not, as JSON."""
    failed: bool = False
    """Whether there was no answer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What all recorded panes were answered at one moment."""

    at: datetime
    """When it was, by the server's clock; by ours, corrected by what they last differed, where the server was away."""
    parts: Mapping[str, Part]
    """By the name of the pane."""
    blocked: int | None = None
    """Backends that waited for a lock; None where that is not known."""
    connections: int | None = None
    """Clients connected; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When old moments make room for new ones."""

    age: timedelta = timedelta(days=7)
    """How long they are kept."""
    size: int = 1 << 30
    """Bytes of the file."""
