"""What a change of many rows asks first, and what it leaves in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

from console.row import Row


class Sight(Row):
    """How much of a table our role sees."""

    table: str
    """Its name."""
    owner: str
    """Who owns it."""
    partial: bool
    """Whether row-level security holds for us."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One change of many rows, as its audit rows name it."""

    what: str
    """The command."""
    action: Literal["INSERT", "UPDATE"]
    """What becomes of the rows."""
    entity_type: Literal["PATIENT", "TASK"]
    """Of what they are rows."""
    reason: str
    """Why, in the words of the person."""
    id: UUID = field(default_factory=uuid4)
    """The same in every audit row of this deed."""


Detail = Mapping[str, str | int | None]
"""What else an audit row says; never of a single patient."""
