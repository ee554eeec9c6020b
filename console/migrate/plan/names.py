"""Names as statements spell them and as the catalogue does, and the relations that statements speak of."""

from collections.abc import Iterable, Iterator

from console.migrate.kinds.models import Analysis, Object

RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})
"""The kinds that have rows or show some."""


def plain(name: str) -> str:
    """A relation's name, without the schema that it would be found in anyway.

    >>> plain("public.tasks"), plain("ward.tasks")
    ('tasks', 'ward.tasks')
    """
    return name.removeprefix("public.")


def unquoted(name: str) -> str:
    """An identifier as the catalogue spells it.

    >>> unquoted('"Pat Name"'), unquoted("title")
    ('Pat Name', 'title')
    """
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def relations(statements: Iterable[Analysis]) -> Iterator[str]:
    """Every relation that these statements speak of."""
    for statement in (each for whole in statements for each in whole.flat()):
        for action in statement.actions:
            yield from map(plain, action.reads)
            yield from (plain(lock.table) for lock in action.locks)
            for thing in (*action.drops, *action.alters):
                yield from map(plain, _relation(thing))


def _relation(thing: Object) -> Iterator[str]:
    if thing.kind in RELATIONS:
        yield thing.name
    elif thing.of:
        yield thing.of
