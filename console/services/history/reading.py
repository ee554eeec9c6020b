"""Finds in a recording what was on a pane at one of its moments."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from console.errors import UsageError
from console.services.history.file import explained, found, microseconds, moment_of
from console.services.history.models import Part
from console.services.history.squeeze import restored

PART = """
select p.at, p.failed, p.body, b.body
  from part p
  join moment m on m.at = p.at
  left join part b on b.pane = p.pane
                  and b.at <> p.at
                  and b.at = (select at from part f where f.pane = p.pane and f.at >= m.first order by f.at limit 1)
 where p.pane = ? and p.at between ? and ?
 order by p.at desc
 limit 1
"""
"""The last answer of a pane between two moments, and the first one of its group, which it is written against."""


class Point(NamedTuple):
    """One moment in the course of a recording."""

    at: datetime
    """When it was."""
    blocked: int | None
    """Backends that waited for a lock; None where that is not known."""
    connections: int | None
    """Clients connected; None where the server was away."""


class Found(NamedTuple):
    """What a pane was answered."""

    at: datetime
    """When."""
    part: Part
    """What."""


class Reader:
    """A recording that is read; it may still be growing. A context manager that closes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The file."""
        self._connection = found(path)
        try:
            self.about: Mapping[str, object] = self._introduction()
            """What was recorded: the words of the header."""
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _introduction(self) -> Mapping[str, object]:
        with explained(self.path):
            known = dict(self._connection.execute("select name, value from about").fetchall())
        try:
            about: Mapping[str, object] = json.loads(known["about"])
        except (KeyError, ValueError) as error:
            raise UsageError(f"{self.path} is damaged: it does not say of what it is a recording.") from error
        return about

    def course(self) -> list[Point]:
        """Every moment, in order; one that was recorded meanwhile too."""
        with explained(self.path):
            rows = self._connection.execute("select at, blocked, connections from moment order by at").fetchall()
        return [Point(moment_of(at), blocked, connections) for at, blocked, connections in rows]

    def part(self, pane: str, at: datetime, *, back: timedelta = timedelta(0)) -> Found | None:
        """What a pane was last answered at a moment, or so long before it; None where that was not recorded."""
        with explained(self.path):
            row = self._connection.execute(PART, (pane, microseconds(at - back), microseconds(at))).fetchone()
        if row is None:
            return None
        asked, failed, body, base = row
        return Found(moment_of(asked), Part(restored(body, restored(base, b"") if base else b""), bool(failed)))


def nearest(moments: Sequence[datetime], wanted: datetime) -> datetime:
    """The last of these moments that was not after the wanted one; the first if all were.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> taken = [noon, noon + timedelta(seconds=5)]
    >>> nearest(taken, noon + timedelta(seconds=4)) == noon == nearest(taken, noon - timedelta(days=1))
    True
    """
    return moments[max(0, bisect_right(moments, wanted) - 1)]
