"""What a statement does: the objects it makes, drops and alters, the locks it takes, the work it causes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Tokens = tuple[str, ...]
"""Tokens as they are written, without space and comments."""

LOCK_MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""PostgreSQL's lock modes of tables, the weakest first."""

Work = Literal["nothing", "scan", "copy", "rewrite", "unknown"]
"""What a statement does with rows while it holds its locks: reads all, copies from another table, writes all anew."""


class Object(NamedTuple):
    """Something in the schema, named as the statement names it; a name that needs quotes keeps them."""

    kind: str
    """In small letters: table, column, index, view, materialized view, type, enum value, function, policy, job, ..."""
    name: str
    """Its name, with the schema where that is written; empty where the server chooses it."""
    of: str | None = None
    """The table, view or type that it belongs to, where the statement says so."""

    def label(self) -> str:
        """Kind and name for a person.

        >>> Object("column", "patient_uuid", "tasks").label()
        'column patient_uuid of tasks'
        """
        return " ".join(part for part in (self.kind, self.name, f"of {self.of}" if self.of else "") if part)


class Lock(NamedTuple):
    """A lock on a table, held to the end of the transaction."""

    table: str
    """The table, as the statement names it."""
    mode: str
    """One of LOCK_MODES."""


class Column(NamedTuple):
    """A column as it is defined."""

    name: str
    """Its name."""
    type: str
    """Its type in small letters, such as varchar ( 50 ); its tokens are joined by spaces."""
    not_null: bool = False
    """Whether NOT NULL stands beside it."""
    default: Tokens = ()
    """The expression after DEFAULT."""
    generated: str = ""
    """identity, stored or virtual; empty for an ordinary column."""


class Constraint(NamedTuple):
    """A constraint, or a unique index, which demands the same of the rows."""

    kind: str
    """PRIMARY KEY, UNIQUE, FOREIGN KEY, CHECK, EXCLUDE or NOT NULL."""
    name: str = ""
    """Its name; empty where the server chooses it."""
    columns: tuple[str, ...] = ()
    """The columns it is on, for a CHECK every name in it; none where an index that exists already says them."""
    references: str | None = None
    """The table that a foreign key points to."""
    valid: bool = True
    """Whether the rows that exist already are checked."""
    made_of: str | None = None
    """The index that exists already and becomes the constraint."""


class Call(NamedTuple):
    """A function or procedure that a statement runs for its effect."""

    function: str
    """Its name."""
    arguments: tuple[Tokens, ...] = ()
    """The arguments by position."""
    named: tuple[tuple[str, Tokens], ...] = ()
    """Those given by name."""

    def argument(self, name: str, position: int | None = None) -> Tokens:
        """The tokens of one argument; none where it is left out.

        >>> Call("f", (("1",),), (("b", ("2",)),)).argument("b", 1)
        ('2',)
        """
        for given, tokens in self.named:
            if given == name:
                return tokens
        return self.arguments[position] if position is not None and position < len(self.arguments) else ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a statement does; ALTER TABLE does several."""

    kind: str
    """In PostgreSQL's words: CREATE INDEX CONCURRENTLY, ALTER TABLE ADD COLUMN, SELECT add_retention_policy."""
    creates: tuple[Object, ...] = ()
    """What is there afterwards."""
    drops: tuple[Object, ...] = ()
    """What is gone afterwards, without what CASCADE takes with it."""
    alters: tuple[Object, ...] = ()
    """What is changed and stays."""
    locks: tuple[Lock, ...] = ()
    """The tables it locks; one that it makes itself is not among them."""
    work: Work = "nothing"
    """What it does with the rows."""
    why: str = ""
    """Why it causes that work; empty for nothing."""
    guard: str | None = None
    """IF EXISTS, IF NOT EXISTS or OR REPLACE."""
    cascade: bool = False
    """Whether CASCADE stands in it."""
    transactional: bool = True
    """Whether it may run inside a transaction."""
    columns: tuple[Column, ...] = ()
    """The columns it defines."""
    constraints: tuple[Constraint, ...] = ()
    """The constraints it defines."""
    options: dict[str, str] = field(default_factory=dict)
    """What stands in WITH (..) or SET (..): names in small letters, values as written without quotes."""
    calls: tuple[Call, ...] = ()
    """What it calls for its effect, or hangs on a table."""
    reads: tuple[str, ...] = ()
    """The tables and views it reads rows from; for CREATE TABLE also those that it is made like."""
    query: Tokens = ()
    """The query or expression that it is about."""
    temporary: bool = False
    """Whether what it creates is gone with the session."""
    renamed: str | None = None
    """The new name of what it alters."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One statement: what it does, as far as its words tell."""

    line: int
    """The line of its first token, counted from 1."""
    tokens: Tokens
    """What it says."""
    actions: tuple[Action, ...]
    """What it does; nothing for a DO block, whose statements are `inside`."""
    opaque: str | None = None
    """Why more may happen than can be told, as a sentence; None when nothing more can."""
    inside: tuple["Analysis", ...] = ()
    """The statements of a DO block that could be recognised, each of which may run, or not, or often."""

    @property
    def kind(self) -> str:
        """The kinds of its actions; of a second one only what the first has not said."""
        kinds = list(dict.fromkeys(action.kind for action in self.actions))
        return ", ".join([*kinds[:1], *(kind.removeprefix("ALTER TABLE ") for kind in kinds[1:])])

    @property
    def creates(self) -> tuple[Object, ...]:
        """What is there afterwards."""
        return tuple(thing for action in self.actions for thing in action.creates)

    @property
    def drops(self) -> tuple[Object, ...]:
        """What is gone afterwards, without what CASCADE takes with it."""
        return tuple(thing for action in self.actions for thing in action.drops)

    @property
    def alters(self) -> tuple[Object, ...]:
        """What is changed and stays, each once."""
        return tuple(dict.fromkeys(thing for action in self.actions for thing in action.alters))

    @property
    def locks(self) -> tuple[Lock, ...]:
        """Every table that is locked, once, in the strongest mode."""
        strongest: dict[str, str] = {}
        for action in self.actions:
            for lock in action.locks:
                modes = (lock.mode, strongest.get(lock.table, lock.mode))
                strongest[lock.table] = max(modes, key=LOCK_MODES.index)
        return tuple(Lock(table, mode) for table, mode in strongest.items())

    @property
    def transactional(self) -> bool:
        """Whether it may run inside a transaction."""
        return all(action.transactional for action in self.actions)

    def flat(self) -> Iterator["Analysis"]:
        """The statement, then those inside it."""
        yield self
        for statement in self.inside:
            yield from statement.flat()
