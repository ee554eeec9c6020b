"""What becomes of the rows that are there when the statements of a rollback run one after the other.

A name is not a table: 005 renames the old audit table, copies its rows into a new one of the old name, and drops the
old one. Nothing is lost then, and 002 after it speaks of the new one. Where the words do not tell what a statement
takes away, that is what is said; never nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from console.migrate.kinds.models import Action, Analysis, Object

_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})
_CHANGES_ROWS = frozenset({"TRUNCATE", "DELETE", "UPDATE", "MERGE"})
_UNTOLD = frozenset({"DROP SCHEMA", "DROP OWNED", "DROP EXTENSION", "DROP TYPE", "DROP DOMAIN", "EXECUTE"})
_WIDENS = ("DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY")


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that is there today and is taken away."""

    kind: str
    """table, column, values, view, materialized view, rows, policy, row security; unknown for what is not told."""
    relation: str
    """The relation, by the name that it has today; of the unknown the statement's kind and line."""
    part: str | None = None
    """Its column or policy; of rows, the statement's word for what happens to them; of the unknown, why."""


@dataclass(slots=True)
class Fate:
    """The schema between two statements, as far as it matters for what is lost."""

    vouched: bool = False
    """Whether tests prove that what the words do not tell keeps the rows, as with the product's own files."""
    gone: list[Gone] = field(default_factory=list)
    """What has been taken away so far, copies not yet regarded."""
    _today: dict[str, str | None] = field(default_factory=dict)
    _rows: dict[str, set[str]] = field(default_factory=dict)
    _columns: dict[tuple[str, str], str] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    _fleeting: set[str] = field(default_factory=set)

    def today(self, name: str) -> str | None:
        """What a relation is called today; None if the statements before have made it."""
        return self._today.get(plain(name), plain(name))

    def rows_in(self, name: str) -> set[str]:
        """The tables of today whose rows are in this one."""
        return self._rows.setdefault(plain(name), {plain(name)})

    def run(self, statement: Analysis) -> None:
        """Follow one statement; what stands in a DO block may run or not, so it only tells what may be lost."""
        for inner in statement.inside:
            self._take(action for each in inner.flat() for action in each.actions)
        for action in statement.actions:
            self._make(action)
            self._copy(action)
            self._rename(action)
            self._take([action])
            self._tell_untold(statement, action)

    def lost(self, gone: Iterable[Gone]) -> list[Gone]:
        """Of these, what is in no table that stays and in no view that is made again; with a table go its parts."""
        kept = {name for table, names in self._rows.items() if table not in self._fleeting for name in names}
        found = [each for each in gone if not (each.kind == "table" and each.relation in kept)]
        found = [each for each in found if not (each.kind.endswith("view") and each.relation in self._made)]
        whole = {each.relation for each in self.gone if each.kind == "table" and each.relation not in kept}
        return list(dict.fromkeys(each for each in found if each.kind == "table" or each.relation not in whole))

    def _make(self, action: Action) -> None:
        for made in action.creates:
            if made.kind in _RELATIONS and action.guard != "IF NOT EXISTS":
                name = plain(made.name)
                self._today[name], self._rows[name] = None, set()
                self._made.add(name)
                if action.temporary:
                    self._fleeting.add(name)

    def _copy(self, action: Action) -> None:
        if action.kind == "INSERT" and _takes_all(action):
            for into in action.alters:
                self.rows_in(into.name).update(self.rows_in(action.reads[0]))

    def _rename(self, action: Action) -> None:
        for thing in action.alters if action.renamed else ():
            if thing.kind == "column" and thing.of:
                before = self._column(thing.of, thing.name)
                self._columns[(plain(thing.of), unquoted(action.renamed or ""))] = before
            elif thing.kind in _RELATIONS:
                schema, dot, _ = plain(thing.name).rpartition(".")
                name = plain(f"{schema}{dot}{action.renamed}")
                self._today[name], self._rows[name] = self.today(thing.name), self.rows_in(thing.name)
                self._forget(thing.name)

    def _column(self, table: str, name: str) -> str:
        """What a column is called today."""
        return self._columns.get((plain(table), unquoted(name)), unquoted(name))

    def _take(self, actions: Iterable[Action]) -> None:
        """Note what these take away."""
        for action in actions:
            for thing in action.drops:
                self._drop(thing)
            if action.kind in _CHANGES_ROWS or action.kind == "SELECT":
                changed = [lock.table for lock in action.locks if lock.mode in ("ROW EXCLUSIVE", "ACCESS EXCLUSIVE")]
                names = [each for name in changed for each in sorted(self.rows_in(name))]
                self.gone += [Gone("rows", each, action.kind) for each in names]
            if action.kind.endswith("ALTER COLUMN TYPE"):
                self.gone += [
                    Gone("values", table, self._column(thing.of, thing.name))
                    for thing in action.alters
                    if thing.of and (table := self.today(thing.of))
                ]
            if action.kind.endswith(_WIDENS) or action.kind == "ALTER POLICY":
                tables = [self.today(thing.of or thing.name) for thing in action.alters]
                self.gone += [Gone("row security", table, action.kind) for table in tables if table]

    def _drop(self, thing: Object) -> None:
        if thing.kind in _RELATIONS:
            names = {self.today(thing.name)} if thing.kind.endswith("view") else self.rows_in(thing.name)
            self.gone += [Gone(thing.kind, name) for name in sorted(filter(None, names))]
            self._forget(thing.name)
        elif thing.kind in ("column", "policy") and thing.of and (table := self.today(thing.of)):
            name = self._column(thing.of, thing.name) if thing.kind == "column" else thing.name
            self.gone.append(Gone(thing.kind, table, name))

    def _tell_untold(self, statement: Analysis, action: Action) -> None:
        """Say where more may go than the words tell."""
        path = action.kind.startswith("SET") and "search_path" in (token.lower() for token in action.query)
        if statement.opaque and not self.vouched:
            self.gone.append(Gone("unknown", f"{action.kind}, line {statement.line}", statement.opaque))
        elif action.kind in _UNTOLD or action.cascade or path:
            what = "Names mean other things after it." if path else "What goes with it is in the catalogue, not here."
            self.gone.append(Gone("unknown", f"{action.kind}, line {statement.line}", what))

    def _forget(self, name: str) -> None:
        """Nothing of today has this name any more."""
        self._today[plain(name)], self._rows[plain(name)] = None, set()
        self._made.discard(plain(name))


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
    if thing.kind in _RELATIONS:
        yield thing.name
    elif thing.of:
        yield thing.of


def _takes_all(action: Action) -> bool:
    """Whether INSERT takes every row and column of one table, and nothing else: INSERT INTO a SELECT * FROM b."""
    words = [token.lower() for token in action.query]
    if len(action.reads) != 1 or "select" not in words:
        return False
    into, rest = words[: words.index("select")], words[words.index("select") :]
    one = rest[3:]
    return "(" not in into and rest[:3] == ["select", "*", "from"] and (len(one) == 1 or one[1:-1] == ["."])
