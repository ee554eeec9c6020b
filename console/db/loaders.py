"""How values of the server become Python's, where psycopg's own way would lose a whole answer.

TimescaleDB's job tables are full of `-infinity`, and a query text that another session sent in another encoding
is not valid UTF-8: both make psycopg raise, and a screen would go dark because of one cell.
"""

from contextlib import suppress
from datetime import date, datetime

from psycopg import AsyncConnection, DataError
from psycopg.abc import Buffer
from psycopg.rows import TupleRow
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import TextLoader


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
    """Text; bytes that are not UTF-8 become U+FFFD instead of an error."""

    def load(self, data: Buffer) -> str:
        """The text."""
        return bytes(data).decode("utf-8", "replace")


def register(connection: AsyncConnection[TupleRow]) -> None:
    """Use these loaders on one connection."""
    adapters = connection.adapters
    adapters.register_loader("date", FiniteDate)
    adapters.register_loader("timestamp", FiniteTimestamp)
    adapters.register_loader("timestamptz", FiniteTimestamptz)
    for name in ("text", "varchar", "bpchar", "name"):
        adapters.register_loader(name, ForgivingText)
