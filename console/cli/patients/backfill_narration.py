"""How `backfill` tells what happens: JSON lines for scripts, one line on a terminal for people."""

import argparse
import time
from typing import TYPE_CHECKING

from console.cli import output
from console.cli.progress import INTERVAL, Line, line

if TYPE_CHECKING:
    from console.services.backfill.models import Batch, Counts

JSON_INTERVAL = 1.0
"""Seconds between two JSON lines of progress."""


class Narrator:
    """Hears the batches and passes on what is news."""

    def __init__(self, args: argparse.Namespace, empty: int) -> None:
        self._args = args
        self._empty = empty
        self._line = Line(args)
        self._began = time.monotonic()
        self._next = 0.0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    def batch(self, counts: "Counts", batch: "Batch") -> None:
        """A batch is committed."""
        if self._args.verbose:
            self._name(batch)
        if time.monotonic() < self._next:
            return
        if self._args.json:
            self._next = time.monotonic() + JSON_INTERVAL
            output.data({"event": "progress", **counts.as_json(), "elapsed": round(self.seconds, 3)})
        else:
            self._next = time.monotonic() + INTERVAL
            self._line.show(said(counts, self._empty, self.seconds))

    def note(self, sentence: str) -> None:
        """Something that a person should know."""
        self._line.erase()
        if self._args.json:
            output.data({"event": "note", "message": sentence})
        else:
            output.say(self._args, sentence)

    def close(self) -> None:
        """Take the line of progress away."""
        self._line.erase()

    def _name(self, batch: "Batch") -> None:
        self._line.erase()
        for task in batch.unmatched:
            output.say(self._args, f"Task {task} has no patient.")
        for task in batch.ambiguous:
            output.say(self._args, f"Task {task} has more than one patient.")


def said(counts: "Counts", empty: int, seconds: float) -> str:
    """How far it is: of the tasks that were empty, how many have been decided.

    >>> from console.services.backfill.models import Counts
    >>> said(Counts(matched=9_000, unmatched=1_000), 40_000, 5.0)
    'tasks: 10,000 of 40,000 rows, 2,000 rows/s, 15 s left; 9,000 matched, 1,000 unmatched, 0 ambiguous'
    """
    decided = counts.matched + counts.unmatched + counts.ambiguous
    kinds = f"{counts.matched:,} matched, {counts.unmatched:,} unmatched, {counts.ambiguous:,} ambiguous"
    return f"{line('tasks', decided, empty, seconds)}; {kinds}"
