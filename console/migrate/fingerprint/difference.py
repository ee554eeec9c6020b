"""Two fingerprints compared: what was added, removed and changed between them."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_ASPECTS = ("owner of ", "grant on ", "comment on ", "default grant on ")
_PART = re.compile(r"(?:column|constraint|trigger|policy|rule) (?P<relation>.+)\.[^.]+")
_ASPECT = re.compile(r"(?:owner of|grant on|comment on) (?P<object>.+?)(?: to [^ ]+)?")
_INDEXED = re.compile(r"CREATE .*?INDEX .+? ON (?:ONLY )?(?P<relation>\S+)")
_RELATIONS = ("table ", "materialized view ", "view ", "foreign table ")
_NAMED = 3


@dataclass(frozen=True)
class Fingerprint:
    """Every object of the schemas at one moment."""

    objects: Mapping[str, str]
    """What it is and its full name, such as column public.tasks.title -> everything else about it, in one line."""

    @cached_property
    def sha256(self) -> str:
        """The hash of all of it.

        >>> Fingerprint({"a": "1", "b": "2"}).sha256 == Fingerprint({"b": "2", "a": "1"}).sha256
        True
        """
        lines = (f"{identity}\t{definition}\n" for identity, definition in sorted(self.objects.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def structure(self) -> "Fingerprint":
        """The same without owners, grants and comments, which differ between databases of one schema."""
        kept = {name: text for name, text in self.objects.items() if not name.startswith(_ASPECTS)}
        return Fingerprint(kept)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one fingerprint has and another has not; false if they are equal."""

    added: Mapping[str, str] = field(default_factory=dict)
    """Definitions of what came."""
    removed: Mapping[str, str] = field(default_factory=dict)
    """Definitions of what went."""
    changed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Definitions before and after."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def sentence(self) -> str:
        """What came, went and changed; of a table that came or went only the table itself.

        >>> before = Fingerprint({"table public.a": "id", "column public.a.id": "int", "view public.v": "select 1"})
        >>> difference(before, Fingerprint({"view public.v": "select 2"})).sentence()
        '1 removed (table public.a), 1 changed (view public.v)'
        """
        kinds = (("added", whole(self.added)), ("removed", whole(self.removed)), ("changed", list(self.changed)))
        return ", ".join(f"{len(names)} {kind} ({_some(names)})" for kind, names in kinds if names) or "no difference"

    def as_json(self) -> dict[str, list[str]]:
        """The identities, sorted, under added, removed and changed."""
        return {"added": sorted(self.added), "removed": sorted(self.removed), "changed": sorted(self.changed)}


def difference(before: Fingerprint, after: Fingerprint) -> Difference:
    """What happened between two fingerprints.

    >>> found = difference(Fingerprint({"a": "1", "b": "2"}), Fingerprint({"b": "3", "c": "4"}))
    >>> found.added, found.removed, found.changed
    ({'c': '4'}, {'a': '1'}, {'b': ('2', '3')})
    """
    old, new = before.objects, after.objects
    return Difference(
        {name: new[name] for name in sorted(new.keys() - old.keys())},
        {name: old[name] for name in sorted(old.keys() - new.keys())},
        {name: (old[name], new[name]) for name in sorted(old.keys() & new.keys()) if old[name] != new[name]},
    )


def whole(objects: Mapping[str, str]) -> list[str]:
    """The identities that are not merely part of another one among them: no columns, keys, rights of a table there.

    >>> whole({"table public.a": "id", "index public.i": "CREATE INDEX i ON public.a USING btree (id)",
    ...        "grant on table public.a to emr_app": "SELECT", "column public.b.id": "integer"})
    ['column public.b.id', 'table public.a']
    """
    return sorted(name for name in objects if not objects.keys() & set(_wholes(name, objects[name])))


def _wholes(identity: str, definition: str) -> Iterable[str]:
    """What an object may be part of."""
    aspect = _ASPECT.fullmatch(identity)
    if aspect is not None:
        yield aspect["object"]
        yield from _wholes(aspect["object"], "")
    part = _PART.fullmatch(identity) or (_INDEXED.match(definition) if identity.startswith("index ") else None)
    if part is not None:
        yield from (kind + part["relation"] for kind in _RELATIONS)


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
