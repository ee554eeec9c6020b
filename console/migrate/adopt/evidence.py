"""Whether a schema shows that a migration has run: what it makes, changes and takes away, against what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from console.migrate.files import Migration
from console.migrate.fingerprint.difference import Fingerprint, difference
from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.models import Object

Verdict = Literal["recorded", "adopt", "held_back", "partial", "pending"]
"""In the ledger already; all there; all there, but an earlier one is not; some of it there; nothing of it there."""

_NAMED = frozenset({"table", "view", "materialized view", "type", "index", "column"})
"""Kinds whose name alone tells them apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a migration's having run."""

    seen: bool
    """Whether anything shows that it ran, or began to."""
    silent: bool = False
    """Whether it leaves no trace in a schema, so that nothing can show it."""
    missing: tuple[str, ...] = ()
    """What it makes and is not there."""
    different: tuple[str, ...] = ()
    """What it makes or changes and is otherwise."""
    unwanted: tuple[str, ...] = ()
    """What it takes away and is still there."""
    failed: tuple[str, ...] = ()
    """Its checks that do not hold."""

    @property
    def whole(self) -> bool:
        """Whether nothing speaks against it."""
        return not (self.missing or self.different or self.unwanted or self.failed)


def verdict(found: Evidence, *, vouched: bool, intact: bool) -> Verdict:
    """What is to be done with a migration.

    `vouched` says that its checks or knex speak for it, `intact` that every earlier one is there.

    >>> verdict(Evidence(seen=True, missing=("table public.a",)), vouched=True, intact=True)
    'partial'
    """
    if not found.whole:
        return "partial" if found.seen else "pending"
    if found.silent and not vouched:
        return "pending"
    if intact:
        return "adopt"
    return "held_back" if found.seen else "pending"


def compared(levels: Sequence[Fingerprint], live: Fingerprint) -> list[Evidence]:
    """What a live schema says of each migration, given the schema before all of them and after each.

    An object may also be as a later migration leaves it, and absent if one that is whole takes it away. Owners, grants
    and comments count for nothing: they differ between databases of one schema.

    >>> levels = [Fingerprint({}), Fingerprint({"table t": "id", "index i": "on t"}), Fingerprint({"table t": "id, a"})]
    >>> [found.different for found in compared(levels, Fingerprint({"table t": "id, b"}))]
    [('table t',), ('table t',)]
    """
    structures = [level.structure for level in levels]
    whole: set[int] = set()
    found: list[Evidence] = []
    for number in range(len(levels) - 1, 0, -1):
        evidence = _evidence(structures, number, live.objects, whole)
        if evidence.whole:
            whole.add(number)
        found.append(evidence)
    return found[::-1]


def _evidence(levels: Sequence[Fingerprint], number: int, live: Mapping[str, str], whole: set[int]) -> Evidence:
    """What speaks for the migration that leads to level `number`; `whole` are later ones of which all is there."""
    made = difference(levels[number - 1], levels[number])
    touched = [*made.added, *made.changed, *made.removed]

    def fits(name: str) -> bool:
        later = [level for level in range(number, len(levels)) if level == number or level in whole or name in live]
        return any(levels[level].objects.get(name) == live.get(name) for level in later)

    wrong = [name for name in touched if not fits(name)]
    return Evidence(
        seen=_seen(made.added, made.changed, live),
        silent=not touched,
        missing=tuple(name for name in wrong if name not in made.removed and name not in live),
        different=tuple(name for name in wrong if name not in made.removed and name in live),
        unwanted=tuple(name for name in wrong if name in made.removed),
    )


def _seen(added: Mapping[str, str], changed: Mapping[str, tuple[str, str]], live: Mapping[str, str]) -> bool:
    """Whether anything new is there, or anything is no longer as it was before."""
    return any(name in live for name in added) or any(live.get(name) == new for name, (_, new) in changed.items())


def named(migration: Migration, live: Fingerprint) -> Evidence:
    """The same without a rehearsal: the names that its statements make. Its checks tell the rest, where it has any."""
    analyses = [each for statement in migration.up.statements for each in analyse(statement).flat()]
    made = [thing for each in analyses for thing in each.creates if thing.kind in _NAMED]
    absent = [thing for thing in made if not _is_there(thing, live)]
    return Evidence(
        seen=len(absent) < len(made) or not made,
        silent=not made,
        missing=() if migration.verify else tuple(thing.label() for thing in absent),
    )


def _is_there(thing: Object, live: Fingerprint) -> bool:
    name = f"{thing.of}.{thing.name}" if thing.kind == "column" else thing.name
    wanted = (f"{thing.kind} {name}", f".{name}")
    return any(
        identity == wanted[0] or (identity.startswith(f"{thing.kind} ") and identity.endswith(wanted[1]))
        for identity in live.objects
    )
