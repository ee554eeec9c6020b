"""What every subject of the bench is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured, and for how long."""

    sessions: int
    """Sessions on the server whose screen is watched."""
    statements: int
    """Distinct statements that pg_stat_statements holds there."""
    seconds: float
    """How long each screen is watched."""
    times: int
    """Runs of which the median, or the best where a subject says so, counts."""
    scale: float
    """Synthetic data of searches and exports; 1.0 is 10 M audit rows."""
    chunks: int
    """Chunks, and partitions, of the storage lists."""
    minutes: float
    """How long the soak goes on after its warming up."""
    kept: Path | None
    """Where databases are kept from run to run; None: the cache of the person."""


Subject = Callable[[Options], Iterator[str]]
"""Measures one thing on a server of its own, and gives its lines as they become known."""
