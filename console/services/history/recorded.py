"""What of a pane is recorded: the very rows that it shows, as JSON."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from console.db.database import Database
from console.errors import ConsoleError, Unsupported
from console.services.history.models import Part

Data = TypeVar("Data")

Opened = Callable[[Database], Callable[[], Awaitable[Data]]]
"""Given a database, a question."""


@dataclass(frozen=True)
class Recorded(Generic[Data]):
    """One pane in recordings."""

    name: str
    """The pane's name."""
    title: str
    """What it is called where a person reads it."""
    source: Callable[[], tuple[type[Data], Opened[Data]]]
    """Imports what its `load` answers, and how that is asked for; no answer may hold a patient's data or a literal."""
    every: float = 0.0
    """Seconds between two answers that are recorded, of what changes slowly; 0: each moment has one."""

    @property
    def opened(self) -> Opened[Data]:
        """Given a database, the question that its `load` asks; it may remember what was answered before."""
        return self.source()[1]

    def packed(self, data: Data) -> Part:
        """An answer as it is kept."""
        return Part(self._adapter.dump_json(data, warnings=False))

    def unpacked(self, part: Part) -> Data:
        """The answer again, without what is no longer shown.

        Unsupported where there was none, or where another version of this program wrote less than this one shows.
        """
        if part.failed:
            raise _failure(part)
        try:
            return self._adapter.validate_json(part.body, extra="ignore")
        except ValidationError as error:
            raise Unsupported("Another version of emr-console has recorded this; this one cannot show it.") from error

    @cached_property
    def _adapter(self) -> TypeAdapter[Data]:
        return TypeAdapter(self.source()[0])


def asking(question: Callable[[Database], Awaitable[Data]]) -> Opened[Data]:
    """The `opened` of a question that remembers nothing."""
    return lambda db: lambda: question(db)


_SENTENCE = TypeAdapter(str)


def failed(error: ConsoleError) -> Part:
    """What is kept of a question without an answer."""
    return Part(_SENTENCE.dump_json(error.message), failed=True)


def _failure(part: Part) -> Unsupported:
    try:
        said = _SENTENCE.validate_json(part.body)
    except ValidationError:
        said = "Why cannot be read any more."
    return Unsupported(f"At that moment there was no answer. {said}")
