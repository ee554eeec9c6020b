"""Which of a table's rows are still in it: partitions are detached, emptied and dropped, and others are attached."""

from collections.abc import Iterable, Mapping

from console.migrate.plan.fate import Fate
from console.migrate.plan.models import Facts


def apart(relation: str, names: Iterable[str], facts: Mapping[str, Facts]) -> list[Facts]:
    """Of a relation's children those among `names`, by the outermost: what belongs to them is none of its own."""
    found = {name: facts[name] for name in names if name in facts and relation in facts[name].within}
    return [fact for fact in found.values() if not found.keys() & set(fact.within)]


def rows(name: str, facts: Mapping[str, Facts], fate: Fate) -> float:
    """How many rows a statement finds in a relation at this point of the run, as the catalogue estimates them."""
    there = [each for each in fate.rows_in(name) if each in facts and each not in fate.emptied]
    held = sum(facts[each].rows - sum(one.rows for one in apart(each, fate.apart, facts)) for each in there)
    return max(0.0, held) + sum(rows(part, facts, fate) for part in fate.attached(name))


def attaching(name: str, facts: Mapping[str, Facts], fate: Fate) -> float:
    """How many rows of its DEFAULT partition are read when another one is attached to it."""
    found = facts.get(fate.today(name) or "")
    return found.in_default if found else 0.0
