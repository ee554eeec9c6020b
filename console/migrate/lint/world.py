"""What exists after the statements read so far, as far as their words tell."""

from dataclasses import dataclass, field

from console.migrate.kinds.models import Constraint, Object, Tokens


def bare(name: str) -> str:
    """A name without the schema that everything of ours is in.

    >>> bare("public.tasks"), bare("x.tasks")
    ('tasks', 'x.tasks')
    """
    return name.removeprefix("public.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    columns: tuple[str, ...] | None = ()
    """Its columns; None where they come from a query."""
    constraints: tuple[Constraint, ...] = ()
    """Its constraints and unique indexes."""
    row_security: bool = False
    """Whether row-level security is enabled."""
    partition_column: str | None = None
    """The time column of a hypertable, empty where it is not known; None for an ordinary table."""
    compression: frozenset[str] | None = None
    """The columns that compressed rows are segmented and ordered by; None where compression is off."""
    retention: float | None = None
    """Days after which a policy drops its chunks."""


@dataclass(frozen=True, slots=True)
class View:
    """A view, a materialized view or a continuous aggregate."""

    reads: tuple[str, ...]
    """The tables and views it reads."""
    query: Tokens
    """Its query."""
    materialized: bool = False
    """Whether it holds rows of its own."""
    invoker: bool = False
    """Whether it reads with the rights of who asks."""
    continuous: bool = False
    """Whether it is a continuous aggregate."""
    reach: float | None = None
    """Days that a refresh policy of an aggregate looks back."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is."""

    objects: dict[Object, frozenset[str]] = field(default_factory=dict)
    """Every object, with the names that stand in its definition."""
    tables: dict[str, Table] = field(default_factory=dict)
    """The tables."""
    views: dict[str, View] = field(default_factory=dict)
    """The views of every kind."""
    untold: frozenset[str] = frozenset()
    """What nothing is certain about: every word of statements that tell too little, and names of temporary objects."""

    def has(self, kind: str, name: str) -> bool:
        """Whether there is an object of that kind and name.

        >>> World({Object("function", "f"): frozenset()}).has("function", "public.f")
        True
        """
        return any(thing.kind == kind and thing.name == bare(name) for thing in self.objects)

    def is_hypertable(self, name: str) -> bool:
        """Whether a table is a hypertable."""
        table = self.tables.get(bare(name))
        return table is not None and table.partition_column is not None

    def table_of_index(self, name: str) -> str | None:
        """The table that an index is on."""
        found = (thing.of for thing in self.objects if thing.kind == "index" and thing.name == bare(name))
        return next(found, None)
