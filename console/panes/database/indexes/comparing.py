"""What indexes of one table have in common; pure functions."""

from collections.abc import Iterable, Sequence

from console.panes.database.indexes.models import Catalogued, Index


def beside_each_other(rows: Iterable[Catalogued]) -> list[Index]:
    """Indexes with what each has in common with others of its table; those that need a look first, then the largest.

    >>> def made(oid: int, name: str, *keys: str, unique: bool = False) -> Catalogued:
    ...     known = {"oid": oid, "name": name, "keys": list(keys), "is_unique": unique, "included": [], "builder": None}
    ...     known |= {"method": "btree"}
    ...     return Catalogued.model_construct(**(dict.fromkeys(Catalogued.model_fields, 1) | {"broken": 0} | known))
    >>> rows = [made(1, "a", "x"), made(2, "a_b", "x", "y"), made(3, "b", "y"), made(4, "key", "y", unique=True)]
    >>> [(each.row.name, each.duplicate_of, each.covered_by) for each in beside_each_other(rows)]
    [('a', None, 'a_b'), ('b', 'key', None), ('a_b', None, None), ('key', None, None)]
    """
    tables: dict[tuple[str, str], list[Catalogued]] = {}
    for row in rows:
        tables.setdefault((row.schema_name, row.table_name), []).append(row)
    found = [compared(row, others) for others in tables.values() for row in others]
    return sorted(found, key=lambda each: (*_urgency(each), -each.bytes))


def compared(row: Catalogued, others: Sequence[Catalogued]) -> Index:
    """An index beside all those of its table."""
    same = [other for other in others if other is not row and _comparable(row, other)]
    twins = [other for other in same if _twins(row, other) and _stays(other, row)]
    if twins:
        return Index(row, duplicate_of=max(twins, key=_worth).name)
    longer = [other for other in same if not row.is_unique and _begins(row, other)]
    return Index(row, covered_by=max(longer, key=_worth).name if longer else None)


def _urgency(index: Index) -> tuple[bool, bool, bool]:
    return not index.invalid, not (index.duplicate_of or index.covered_by), not index.unused


def _comparable(row: Catalogued, other: Catalogued) -> bool:
    """Whether the other one can be read, is known, of the same kind and with the same rows."""
    readable = not other.broken and other.builder is None and other.definition is not None
    return readable and (row.method, row.predicate) == (other.method, other.predicate)


def _twins(row: Catalogued, other: Catalogued) -> bool:
    return (row.keys, sorted(row.included)) == (other.keys, sorted(other.included))


def _stays(other: Catalogued, row: Catalogued) -> bool:
    """Whether the other of two twins stays if one must go: a constraint's, a unique one, the older one."""
    return _worth(other) > _worth(row) and (other.is_unique or not row.is_unique)


def _worth(row: Catalogued) -> tuple[bool, bool, bool, int]:
    return row.constraint_name is not None, row.identifies, row.is_unique, -row.oid


def _begins(row: Catalogued, other: Catalogued) -> bool:
    """Whether another b-tree has all of this one's columns first, and then more."""
    longer = row.method == "btree" and len(other.keys) > len(row.keys) and other.keys[: len(row.keys)] == row.keys
    return longer and set(row.included) <= set(other.included)
