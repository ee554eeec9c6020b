"""How values of the server become Python's, where psycopg's own way would lose a whole answer.

TimescaleDB's job tables are full of `-infinity`, and a name or a text that another session sent in another encoding
is not valid UTF-8: both make psycopg raise, and a screen would go dark because of one cell.
"""

import json
import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from psycopg import AsyncConnection, DataError
from psycopg.abc import Buffer
from psycopg.rows import TupleRow
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.json import JsonLoader
from psycopg.types.string import TextLoader

UNKNOWN = 0
"""Stands for every type that psycopg does not know, such as regclass."""

_NO_UTF8 = re.compile("[\udc80-\udcff]")


class FiniteDate(DateLoader):
    """A date; None for infinity and for what lies outside the years 1 to 9999."""

    def load(self, data: Buffer) -> date:
        """The date, or None."""
        try:
            return super().load(data)
        except DataError:
            return None  # type: ignore[return-value]  # psycopg's signature knows no absent date


class FiniteTimestamp(TimestampLoader):
    """A time without zone; None for infinity and for what lies outside the years 1 to 9999."""

    def load(self, data: Buffer) -> datetime:
        """The time, or None."""
        try:
            return super().load(data)
        except DataError:
            return None  # type: ignore[return-value]  # as above


class FiniteTimestamptz(TimestamptzLoader):
    """A moment; None for infinity and for what lies outside the years 1 to 9999."""

    def load(self, data: Buffer) -> datetime:
        """The moment, or None."""
        text = bytes(data)
        if text.endswith(b"+00"):  # UTC, as our sessions have it: psycopg's way takes ten times as long
            with suppress(ValueError):
                return datetime.fromisoformat(text.decode("ascii"))
        try:
            return super().load(data)
        except DataError:
            return None  # type: ignore[return-value]  # as above


class ForgivingText(TextLoader):
    r"""Text; bytes that are not UTF-8 are spelled out, as `\xeb`, so that two names are never shown as one."""

    def load(self, data: Buffer) -> str:
        """The text."""
        return bytes(data).decode("utf-8", "backslashreplace")


class ForgivingJson(JsonLoader):
    """JSON; in its texts the same."""

    def load(self, data: Buffer) -> Any:
        """The value."""
        text = bytes(data).decode("utf-8", "surrogateescape")
        return json.loads(_NO_UTF8.sub(lambda byte: rf"\\x{ord(byte[0]) - 0xDC00:02x}", text))


def register(connection: AsyncConnection[TupleRow]) -> None:
    """Use these loaders on one connection."""
    adapters = connection.adapters
    adapters.register_loader("date", FiniteDate)
    adapters.register_loader("timestamp", FiniteTimestamp)
    adapters.register_loader("timestamptz", FiniteTimestamptz)
    for kind in ("text", "varchar", "bpchar", "name", '"char"', UNKNOWN):
        adapters.register_loader(kind, ForgivingText)
    for name in ("json", "jsonb"):
        adapters.register_loader(name, ForgivingJson)
