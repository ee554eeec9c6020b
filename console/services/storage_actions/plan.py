"""One change of the storage: what a person is asked about it, and what is sent when he agrees."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from console.db.session import Session
from console.migrate.tries import Try
from console.services.events import Kept

Fact = tuple[str, str]
"""A label and what it stands for."""

MINUTES_15 = 900_000
"""Milliseconds that a statement may take which works through all rows of a chunk."""


TWICE = (Try(1_000, 0.0), Try(1_000, 0.0))
"""For a person who waits: the first try fails unseen, the second is watched, so that he learns who is in the way."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a change has come to."""

    sentence: str
    """For a person."""
    detail: Mapping[str, object] = field(default_factory=dict)
    """For the event; never a row's values."""


async def unchecked(session: Session) -> None:
    """Nothing stands in the way that the server would not see itself."""


async def done(session: Session) -> Said:
    """It is done when the server has not refused."""
    return Said("Done.")


async def nothing_left(session: Session) -> str:
    """What failed has been rolled back."""
    return "Nothing was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One change, from the question to the statement."""

    kind: str
    """As events call it, such as `chunk.compress`."""
    target: str
    """What is changed: schema and name, for people."""
    title: str
    """What will be done, and to what."""
    label: str = ""
    """What the target is called among others of its kind; empty where it stands alone."""
    facts: tuple[Fact, ...] = ()
    """What is known of the target."""
    statements: tuple[str, ...]
    """What is sent, word by word."""
    consequence: str
    """What follows, in a sentence or two."""
    verb: str
    """The word that does it."""
    typed: str = ""
    """The name that has to be typed, where rows go; empty where none do."""
    by_itself: bool = False
    """Whether each statement has to stand outside a transaction."""
    patience: int = 60_000
    """Milliseconds that a statement may take."""
    schedule: Sequence[Try] = TWICE
    """How often it waits for a lock, and how long."""
    check: Callable[[Session], Awaitable[None]] = unchecked
    """Refuses what must not be; in the transaction, before the first statement."""
    verify: Callable[[Session], Awaitable[Said]] = done
    """Looks whether it is as it was meant, and says so; in the transaction, after the last statement."""
    left: Callable[[Session], Awaitable[str]] = nothing_left
    """Where things stand after a failure, in a sentence; asked outside a transaction."""

    @property
    def sql(self) -> str:
        """The statements as a script."""
        return "\n".join(text if text.startswith("--") else f"{text};" for text in self.statements)

    @property
    def lasts(self) -> bool:
        """Whether it changes what migrations have made, such as a policy, and not only what is stored."""
        return self.kind.partition(".")[0] in {"policy", "job"} and self.kind != "job.run"


@dataclass(frozen=True, slots=True)
class Done:
    """A plan that has been carried out."""

    said: Said
    """What it has come to."""
    seconds: float
    """How long it took, with its waits."""
    kept: Kept
    """Where it is written down."""
