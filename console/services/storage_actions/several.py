"""Several changes of one kind: asked about once, carried out one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.services.storage_actions.plan import Fact, Plan

NAMED = 5
"""Targets that are named in a question about many."""

WRITTEN = 3
"""Statements that are written out there; the others are alike."""


@dataclass(frozen=True, slots=True)
class Several:
    """Changes of one kind."""

    question: Plan
    """What is asked about all of them; it is not carried out itself."""
    plans: Sequence[Plan]
    """What is carried out, in this order."""


def together(
    plans: Sequence[Plan], what: str, facts: Sequence[Fact] = (), *, consequence: str = "", typed: str = ""
) -> Several:
    """One question about one plan or more; `what` is what they are in the plural, the rest is of many together."""
    first = plans[0]
    if len(plans) == 1:
        return Several(first, plans)
    statements = [statement for plan in plans for statement in plan.statements]
    more = len(statements) - WRITTEN
    alike = [f"-- and {more:,} more, alike"] if more > 0 else []
    question = replace(
        first,
        title=f"{first.verb.capitalize()} {len(plans):,} {what}, one after the other",
        facts=((what, named([plan.label for plan in plans])), *facts),
        statements=(*statements[:WRITTEN], *alike),
        consequence=f"{consequence or first.consequence} C stops after the one at work.",
        typed=typed,
    )
    return Several(question, plans)


def named(labels: Sequence[str]) -> str:
    """Some of many by their names.

    >>> named(["a", "b"]), named([str(n) for n in range(40)])
    ('2: a, b', '40: 0, 1, 2, 3, 4 and 35 more')
    """
    more = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
    return f"{len(labels):,}: {', '.join(labels[:NAMED])}{more}"
