"""What the pane asks of the engine, and what it hears of a migration that stopped half-way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from console.row import Row

Verb = Literal["done", "repeat", "undo"]
"""What a person may decide: the statement has run; it is to run again; what is done is taken back."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Which way and how far."""

    back: bool
    """Whether something is rolled back; else it is applied."""
    to: str | None = None
    """Applying: the last one; rolling back: the one that stays. None is all that is pending, or the last one."""
    all: bool = False
    """Whether everything is rolled back."""


class InTheWay(Row):
    """A session that holds a lock on a table which a plan wants for itself alone."""

    pid: int
    """Its process."""
    role: str | None
    """Its database role."""
    application: str | None
    """What it calls itself."""
    state: str | None
    """active, idle in transaction; None where that is hidden from us."""
    transaction_age: float | None
    """Seconds since its transaction began."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A migration that stopped half-way, and the evidence for a person who has to decide."""

    direction: Literal["up", "down"]
    """Which way it was going."""
    done: int
    """Statements that are done."""
    statements: int
    """Of how many."""
    begun: int | None
    """The statement of which nobody knows whether it has run, from 1; None where it stopped between two."""
    line: int | None
    """Its line in the text that ran."""
    text: str
    """Its text; empty where none is in doubt."""
    verbs: Sequence[Verb]
    """What may be decided."""
