"""The terms of a run: what a person has asked for and agreed to, in either direction."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.errors import ConsoleError, Exit
from console.migrate.flavour import Chosen
from console.migrate.selection import UNCHANGED


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is to be done."""

    role: str | None = None
    """The role to become after connecting; None stays the one that logged in."""
    flavour: Chosen | None = None
    """The flavour that a person asked for."""
    lock_wait: float = 0.0
    """Seconds to wait for another operator to end."""
    reason: str | None = None
    """Why, for the ledger."""
    confirmed: Sequence[str] | None = None
    """The migrations, as version_name and in order, that a person has seen and agreed to; None asks nobody."""
    plan: str | None = None
    """The hash of the plan that a person has seen; None where none was made."""
    accept_stall: float | None = None
    """Seconds for which writers may be kept out; None is stall.LONGEST."""
    backed_up: bool = False
    """Whether a proved backup is made before anything is destroyed."""


def is_grave(*, everything: bool, emergency: bool, guarded: bool) -> bool:
    """Whether a rollback is agreed to with the database's name: all of it, after a backup only, or on production."""
    return everything or emergency or guarded


def word_of(labels: Sequence[str]) -> str:
    """What is typed for a rollback that is not grave: the last to go, by which it is seen how far back it reaches.

    >>> word_of(["005_add_timescaledb", "004_add_patients_table"])
    '004_add_patients_table'
    """
    return labels[-1]


def refuse_unconfirmed(labels: Sequence[str], terms: Terms) -> None:
    """Stop when the world has moved between the person's yes and the lock."""
    if terms.confirmed is not None and list(terms.confirmed) != list(labels):
        raise ConsoleError(
            f"What would be run now is not what was confirmed: {', '.join(labels) or 'nothing'}.",
            state=UNCHANGED,
            hint="Look at emr-console migrate status and confirm again.",
            exit=Exit.PLAN_OUTDATED,
        )
