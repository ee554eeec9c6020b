"""What becomes of the rows that are there when the statements of a rollback run one after the other.

A name is not a table: 005 renames the old audit table, copies its rows into a new one of the old name, and drops the
old one. Nothing is lost then, and 002 after it speaks of the new one. Where the words do not tell what a statement
takes away, that is what is said; never nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from console.migrate.kinds.models import Action, Analysis, Object
from console.migrate.plan.names import RELATIONS, plain, unquoted

_CHANGES_ROWS = frozenset({"TRUNCATE", "DELETE", "UPDATE", "MERGE"})
_UNTOLD = frozenset({"DROP OWNED", "EXECUTE"})
_LESSER = frozenset({"index", "sequence"})
_PARTS = frozenset({"column", "constraint"})
_WHOLES = frozenset({"type", "domain", "schema", "extension", "function", "procedure", "aggregate"})
_ALONE = frozenset({"trigger", "policy", "rule"})

ROWS = "rows"
"""The kind under which it is asked what TRUNCATE .. CASCADE empties with a table."""

_COUNTED = frozenset({"column", "values", ROWS, "policy", "row security"})
_WIDENS = ("DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY")


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that is there today and is taken away."""

    kind: str
    """table, column, values, view, materialized view, rows, policy, row security; unknown for what is not told; of what
    else CASCADE takes, as PostgreSQL calls it."""
    relation: str
    """The relation, by the name that it has today; of the unknown the statement's kind and line."""
    part: str | None = None
    """Its column or policy; of rows, the statement's word for what happens to them; of the unknown, why."""
    apart: tuple[str, ...] = field(default=(), compare=False)
    """The tables of today that were detached, emptied or gone before, whose rows are none of its own any more."""

    @property
    def counted(self) -> bool:
        """Whether it is a relation or a part of one, about which the catalogue is asked."""
        return self.kind in RELATIONS | _COUNTED


@dataclass(slots=True)
class Fate:
    """The schema between two statements, as far as it matters for what is lost."""

    vouched: bool = False
    """Whether tests prove that what the words do not tell keeps the rows, as with the product's own files."""
    taken: Mapping[Object, Sequence[Gone]] = field(default_factory=dict)
    """What CASCADE takes today with each object, by `catalogued`."""
    gone: list[Gone] = field(default_factory=list)
    """What has been taken away so far, copies not yet regarded."""
    _today: dict[str, str | None] = field(default_factory=dict)
    _rows: dict[str, set[str]] = field(default_factory=dict)
    _columns: dict[tuple[str, str], str] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)
    _fleeting: set[str] = field(default_factory=set)
    _apart: dict[str, str | None] = field(default_factory=dict)
    _joined: dict[str, set[str]] = field(default_factory=dict)

    def today(self, name: str) -> str | None:
        """What a relation is called today; None if the statements before have made it."""
        return self._today.get(plain(name), plain(name))

    def rows_in(self, name: str) -> set[str]:
        """The tables of today whose rows are in this one."""
        return self._rows.setdefault(plain(name), {plain(name)})

    @property
    def apart(self) -> tuple[str, ...]:
        """The tables of today that were detached, emptied or dropped, whose rows are in no other any more."""
        return tuple(self._apart)

    @property
    def emptied(self) -> set[str]:
        """Of them those that have no rows any more."""
        return {name for name, table in self._apart.items() if table is None}

    def attached(self, name: str) -> set[str]:
        """The partitions that the statements before have brought to it."""
        return self._joined.get(plain(name), set())

    def catalogued(self, thing: Object) -> Object | None:
        """An object by today's name, as the catalogue is asked what goes with it; None where that is not to be had.

        >>> Fate().catalogued(Object("materialized view", "public.v"))
        Object(kind='relation', name='v', of=None)
        """
        if thing.kind in _PARTS and thing.of and (table := self.today(thing.of)):
            return Object(thing.kind, self._column(thing.of, thing.name), table)
        if thing.kind in RELATIONS | _LESSER and (name := self.today(thing.name)):
            return Object("relation", name)
        if thing.kind in _WHOLES:
            return Object(thing.kind, unquoted(thing.name) if thing.kind in ("schema", "extension") else thing.name)
        return None

    def run(self, statement: Analysis) -> None:
        """Follow one statement; what stands in a DO block may run or not, so it only tells what may be lost."""
        for inner in statement.inside:
            self._take(action for each in inner.flat() for action in each.actions)
        for action in statement.actions:
            self._make(action)
            self._copy(action)
            self._rename(action)
            self._attach(action)
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
            if made.kind in RELATIONS and action.guard != "IF NOT EXISTS":
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
            elif thing.kind in RELATIONS:
                schema, dot, _ = plain(thing.name).rpartition(".")
                name = plain(f"{schema}{dot}{action.renamed}")
                self._today[name], self._rows[name] = self.today(thing.name), self.rows_in(thing.name)
                self._forget(thing.name)

    def _attach(self, action: Action) -> None:
        """A partition that is detached takes its rows along; one that is attached brings them."""
        if not action.kind.startswith(("ALTER TABLE ATTACH PARTITION", "ALTER TABLE DETACH PARTITION")):
            return
        table, part = (plain(thing.name) for thing in action.alters)
        today = self.today(part)
        if "DETACH" in action.kind:
            self._joined.get(table, set()).discard(part)
            self._apart |= {today: self.today(table)} if today else {}
        elif today and self._apart.get(today) == self.today(table):
            del self._apart[today]
        else:
            self._joined.setdefault(table, set()).add(part)

    def _column(self, table: str, name: str) -> str:
        """What a column is called today."""
        return self._columns.get((plain(table), unquoted(name)), unquoted(name))

    def _take(self, actions: Iterable[Action]) -> None:
        """Note what these take away."""
        for action in actions:
            for thing in action.drops:
                asked = self.catalogued(thing) if cascades(action) else None
                self._drop(thing)
                self._follow(self.taken.get(asked, ()) if asked else ())
            if action.kind == "TRUNCATE" and action.cascade:
                tables = [self.today(thing.name) for thing in action.alters]
                self._follow(gone for table in tables if table for gone in self.taken.get(Object(ROWS, table), ()))
            if action.kind in _CHANGES_ROWS or action.kind == "SELECT":
                changed = [lock.table for lock in action.locks if lock.mode in ("ROW EXCLUSIVE", "ACCESS EXCLUSIVE")]
                names = [each for name in changed for each in sorted(self.rows_in(name))]
                self._lose(Gone(ROWS, each, action.kind) for each in names)
            if action.kind.endswith("ALTER COLUMN TYPE"):
                self._lose(
                    Gone("values", table, self._column(thing.of, thing.name))
                    for thing in action.alters
                    if thing.of and (table := self.today(thing.of))
                )
            if action.kind.endswith(_WIDENS) or action.kind == "ALTER POLICY":
                tables = [self.today(thing.of or thing.name) for thing in action.alters]
                self.gone += [Gone("row security", table, action.kind) for table in tables if table]

    def _drop(self, thing: Object) -> None:
        if thing.kind in RELATIONS:
            names = {self.today(thing.name)} if thing.kind.endswith("view") else self.rows_in(thing.name)
            self._lose(Gone(thing.kind, name) for name in sorted(filter(None, names)))
            self._forget(thing.name)
            for part in sorted(self._joined.pop(plain(thing.name), ())):
                self._drop(Object("table", part))
        elif thing.kind in ("column", "policy") and thing.of and (table := self.today(thing.of)):
            name = self._column(thing.of, thing.name) if thing.kind == "column" else thing.name
            self._lose([Gone(thing.kind, table, name)])

    def _lose(self, gone: Iterable[Gone]) -> None:
        """Note what is taken away, each row with one table only."""
        for each in gone:
            self.gone.append(replace(each, apart=self.apart))
            if each.kind == "table" or each.part == "TRUNCATE":
                self._apart.setdefault(each.relation, None)

    def _follow(self, taken: Iterable[Gone]) -> None:
        """Note what goes with something, unless the statements before have taken it away or made it anew."""
        for gone in taken:
            now = self._now(gone.relation)
            if now is not None and gone.kind in RELATIONS:
                self._drop(Object(gone.kind, now))
            elif now is not None:
                self._lose([gone])

    def _now(self, today: str) -> str | None:
        """What a relation of today is called by now; None if it is there no more."""
        renamed = next((now for now, before in self._today.items() if before == today), None)
        return renamed or (None if today in self._today else today)

    def _tell_untold(self, statement: Analysis, action: Action) -> None:
        """Say where more may go than the words tell."""
        path = action.kind.startswith("SET") and "search_path" in (token.lower() for token in action.query)
        if statement.opaque and not self.vouched:
            self.gone.append(Gone("unknown", f"{action.kind}, line {statement.line}", statement.opaque))
        elif action.kind in _UNTOLD or path or (action.cascade and not _is_followed(action)):
            what = "Names mean other things after it." if path else "What goes with it is in the catalogue, not here."
            self.gone.append(Gone("unknown", f"{action.kind}, line {statement.line}", what))
        elif action.cascade and any(self._rows[name] for name in self._made):
            what = "It may take what the statements before have made, and the catalogue does not know that yet."
            self.gone.append(Gone("unknown", f"{action.kind}, line {statement.line}", what))

    def _forget(self, name: str) -> None:
        """Nothing of today has this name any more."""
        self._today[plain(name)], self._rows[plain(name)] = None, set()
        self._made.discard(plain(name))


def cascades(action: Action) -> bool:
    """Whether more goes than it names; the members of an extension go with it even so."""
    return action.cascade or action.kind == "DROP EXTENSION"


def _is_followed(action: Action) -> bool:
    """Whether the catalogue tells what goes with everything that it drops."""
    known = RELATIONS | _LESSER | _PARTS | _WHOLES | _ALONE
    return action.kind == "TRUNCATE" or (action.drops != () and all(thing.kind in known for thing in action.drops))


def _takes_all(action: Action) -> bool:
    """Whether INSERT takes every row and column of one table, and nothing else: INSERT INTO a SELECT * FROM b."""
    words = [token.lower() for token in action.query]
    if len(action.reads) != 1 or "select" not in words:
        return False
    into, rest = words[: words.index("select")], words[words.index("select") :]
    one = rest[3:]
    return "(" not in into and rest[:3] == ["select", "*", "from"] and (len(one) == 1 or one[1:-1] == ["."])
