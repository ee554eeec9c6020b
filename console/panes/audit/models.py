"""A search as far as it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """How many events there are over a span of time, step by step."""

    step: timedelta
    """How wide one is."""
    events: Sequence[int]
    """Events of each, the oldest first."""
    changes: int
    """Events of all of them that changed something."""

    @property
    def total(self) -> int:
        """Events of all of them."""
        return sum(self.events)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a search has looked."""

    rows: int = 0
    """Found so far."""
    searched_from: datetime | None = None
    """Down to which moment; None before the first answer."""
    complete: bool = False
    """Whether the whole span of time has been looked at."""
    exact: int | None = None
    """All rows of the search, where they were counted."""
    gone: int = 0
    """The newest of the rows, which were put away again for those behind them."""
