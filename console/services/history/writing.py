"""Adds moments to a recording, and lets the oldest go when there is no more room for them."""

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from console.errors import UsageError
from console.services.history.file import explained, made, microseconds, moment_of, number, reserved
from console.services.history.models import Limits, Moment, Part
from console.services.history.squeeze import squeezed

GROUP = 60
"""Moments that are written together: each pane's answers as what differs from its first one among them."""


class Writer:
    """A recording that grows; a context manager that closes it."""

    def __init__(self, path: Path, about: Mapping[str, object], target: str, limits: Limits) -> None:
        self.path = path
        """The file."""
        self._limits = limits
        self._reserved = reserved(path)
        try:
            self._connection = made(path, new=os.fstat(self._reserved).st_size == 0)
            self._introduce(about, target)
        except BaseException:
            os.close(self._reserved)
            raise
        self._first = 0
        self._written = 0
        self._bases: dict[str, Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        os.close(self._reserved)

    @property
    def size(self) -> int:
        """Bytes in use; what old moments have left free is used again."""
        with explained(self.path):
            pages = number(self._connection, "page_count") - number(self._connection, "freelist_count")
            return pages * number(self._connection, "page_size")

    def add(self, moment: Moment) -> None:
        """Write one moment; it must be later than those before it."""
        at = microseconds(moment.at)
        if self._written % GROUP == 0:
            self._first, self._bases = at, {}
        with explained(self.path), self._connection as connection:
            counts = (moment.blocked, moment.connections)
            connection.execute("insert into moment values (?, ?, ?, ?)", (at, self._first, *counts))
            connection.executemany(
                "insert into part values (?, ?, ?, ?)",
                [(at, pane, part.failed, self._squeezed(pane, part)) for pane, part in moment.parts.items()],
            )
        self._bases = {**moment.parts, **self._bases}
        if self._written % GROUP == 0:
            self._make_room(at)
        self._written += 1

    def latest(self) -> datetime | None:
        """The last moment in the file; None if there is none."""
        with explained(self.path):
            (at,) = self._connection.execute("select max(at) from moment").fetchone()
        return None if at is None else moment_of(at)

    def _squeezed(self, pane: str, part: Part) -> bytes:
        base = self._bases.get(pane)
        return squeezed(part.body, base.body if base else b"")

    def _introduce(self, about: Mapping[str, object], target: str) -> None:
        """Say of what it is a recording; refused where it is one of another database."""
        with explained(self.path), self._connection as connection:
            known = dict(connection.execute("select name, value from about").fetchall())
            if known.get("target", target) != target:
                raise UsageError(
                    f"{self.path} is a recording of {known['target']}, not of {target}.",
                    state="Nothing was recorded.",
                    hint="Choose another name.",
                )
            rows = {"target": target, "about": json.dumps(dict(about))}
            connection.executemany("insert or replace into about values (?, ?)", rows.items())

    def _make_room(self, now: int) -> None:
        """Forget groups that are too old, then the oldest ones while there are too many bytes; the last one stays."""
        oldest = now - self._limits.age // timedelta(microseconds=1)
        with explained(self.path):
            firsts = [first for (first,) in self._connection.execute("select distinct first from moment order by 1")]
            for first, following in pairwise(firsts):
                if following > oldest and self.size <= self._limits.size:
                    break
                with self._connection as connection:
                    connection.execute("delete from part where at >= ? and at < ?", (first, following))
                    connection.execute("delete from moment where first = ?", (first,))
