"""How far a long piece of work is: one line on a terminal, rewritten in place; nothing elsewhere."""

import argparse
import shutil
import sys
import time

from console.cli import output
from console.units import age

INTERVAL = 0.25
"""Seconds between two looks of the line."""

ERASE_TO_THE_END = "\x1b[K"


class Line:
    """One line of a terminal that is written over again and again; whatever is said next erases it first."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.shown = output.is_terminal(sys.stderr) and not args.quiet
        """Whether there is somebody to see it."""

    def show(self, text: str) -> None:
        """Write it anew, cut to the width of the terminal: what has wrapped cannot be erased."""
        if self.shown:
            room = max(1, shutil.get_terminal_size().columns - 1)
            output.write(sys.stderr, f"\r{output.safe(text)[:room]}{ERASE_TO_THE_END}")

    def erase(self) -> None:
        """Take it away."""
        if self.shown:
            output.write(sys.stderr, f"\r{ERASE_TO_THE_END}")


class Progress:
    """Counts rows against all rows expected; call it with a table and the rows just sent."""

    def __init__(self, args: argparse.Namespace, total: int) -> None:
        self._line = Line(args)
        self._total = total
        self._done = 0
        self._started: float | None = None
        self._next = 0.0

    def __call__(self, step: str, sent: int) -> None:
        """Some rows of this table are on their way; a step without rows begins with none."""
        now = time.monotonic()
        if self._started is None and sent:
            self._started = now
        self._done += sent
        if self._line.shown and (sent == 0 or now >= self._next):
            self._next = now + INTERVAL
            seconds = now - (self._started or now)
            self._line.show(line(step, self._done, self._total, seconds) if sent else f"{step} ...")

    def close(self) -> None:
        """Leave an empty line behind."""
        self._line.erase()


def line(table: str, done: int, total: int, seconds: float) -> str:
    """Where it stands.

    >>> line("audit_logs", 250_000, 1_000_000, 10.0)
    'audit_logs: 250,000 of 1,000,000 rows, 25,000 rows/s, 30 s left'
    """
    counted = f"{table}: {done:,} of {total:,} rows"
    if seconds < 1:
        return counted  # too early to tell how fast it goes
    rate = max(done, 1) / seconds
    return f"{counted}, {rate:,.0f} rows/s, {age(max(0, total - done) / rate)} left"
