"""What becomes of the rows that are there when the statements of a rollback run one after the other.

A name is not a table: 005 renames the old audit table, copies its rows into a new one of the old name, and drops the
old one. Nothing is lost then, and 002 after it speaks of the new one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from console.migrate.kinds.models import Action, Analysis, Object

_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})
_CHANGES_ROWS = frozenset({"TRUNCATE", "DELETE", "UPDATE", "MERGE"})
_PICKS = frozenset({"where", "limit", "having", "join", "distinct", "fetch", "offset", "group", "tablesample", "only"})


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that is there today and is taken away."""

    kind: str
    """table, column, view, materialized view, rows, policy, row security."""
    relation: str
    """The relation, by the name that it has today."""
    part: str | None = None
    """Its column or policy; of rows, the statement's word for what happens to them."""


@dataclass(slots=True)
class Fate:
    """The schema between two statements, as far as it matters for what is lost."""

    gone: list[Gone] = field(default_factory=list)
    """What has been taken away so far, copies not yet regarded."""
    _today: dict[str, str | None] = field(default_factory=dict)
    _rows: dict[str, set[str]] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)

    def today(self, name: str) -> str | None:
        """What a relation is called today; None if the statements before have made it."""
        return self._today.get(name, name)

    def rows_in(self, name: str) -> set[str]:
        """The tables of today whose rows are in this one."""
        return self._rows.setdefault(name, {name})

    def run(self, statement: Analysis) -> None:
        """Follow one statement; of a DO block only what stands in it as such, since nobody knows whether it runs."""
        for action in statement.actions:
            self._make(action)
            self._copy(action)
            self._rename(action)
            self._drop(action)
            self._open(action)

    def lost(self, gone: Iterable[Gone]) -> list[Gone]:
        """Of these, what is in no table that stays and in no view that is made again; with a table go its parts."""
        kept = set().union(*self._rows.values()) if self._rows else set()
        found = [each for each in gone if not (each.kind == "table" and each.relation in kept)]
        found = [each for each in found if not (each.kind.endswith("view") and each.relation in self._made)]
        whole = {each.relation for each in self.gone if each.kind == "table" and each.relation not in kept}
        return list(dict.fromkeys(each for each in found if each.kind == "table" or each.relation not in whole))

    def _make(self, action: Action) -> None:
        for made in action.creates:
            if made.kind in _RELATIONS and action.guard != "IF NOT EXISTS":
                self._today[made.name], self._rows[made.name] = None, set()
                self._made.add(made.name)

    def _copy(self, action: Action) -> None:
        if action.kind == "INSERT" and len(action.reads) == 1 and not _PICKS & {t.lower() for t in action.query}:
            for into in action.alters:
                self.rows_in(into.name).update(self.rows_in(action.reads[0]))

    def _rename(self, action: Action) -> None:
        for thing in action.alters:
            if action.renamed and thing.kind in _RELATIONS:
                self._today[action.renamed], self._rows[action.renamed] = (
                    self.today(thing.name),
                    self.rows_in(thing.name),
                )
                self._forget(thing.name)

    def _drop(self, action: Action) -> None:
        for thing in action.drops:
            if thing.kind in _RELATIONS:
                names = {self.today(thing.name)} if thing.kind.endswith("view") else self.rows_in(thing.name)
                self.gone += [Gone(thing.kind, name) for name in sorted(filter(None, names))]
                self._forget(thing.name)
            elif thing.kind in ("column", "policy") and thing.of and (table := self.today(thing.of)):
                self.gone.append(Gone(thing.kind, table, thing.name))
        if action.kind in _CHANGES_ROWS:
            changed = [lock.table for lock in action.locks if lock.mode in ("ROW EXCLUSIVE", "ACCESS EXCLUSIVE")]
            self.gone += [Gone("rows", each, action.kind) for name in changed for each in sorted(self.rows_in(name))]

    def _open(self, action: Action) -> None:
        if "DISABLE ROW LEVEL SECURITY" in action.kind:
            tables = [self.today(thing.name) for thing in action.alters]
            self.gone += [Gone("row security", table) for table in tables if table]

    def _forget(self, name: str) -> None:
        """Nothing of today has this name any more."""
        self._today[name], self._rows[name] = None, set()
        self._made.discard(name)


def relations(statements: Iterable[Analysis]) -> Iterator[str]:
    """Every relation that these statements speak of."""
    for statement in statements:
        for action in statement.actions:
            yield from action.reads
            yield from (lock.table for lock in action.locks)
            for thing in (*action.drops, *action.alters):
                yield from _relation(thing)


def _relation(thing: Object) -> Iterator[str]:
    if thing.kind in _RELATIONS:
        yield thing.name
    elif thing.of:
        yield thing.of
