"""Who keeps vacuum from removing rows that nobody else needs any more."""

from collections.abc import Iterable

from console.panes.sessions.models import Backend, Horizon, Keeper

LONG = 60.0
"""Seconds from which on it is worth a word."""

BEHIND = 10_000
"""Transactions that a slot may be behind without a word: a standby that follows is never quite there."""


def horizon(backends: Iterable[Backend], keepers: Iterable[Keeper]) -> Horizon | None:
    """Who holds back the most, if for long or for much; None where nobody does.

    >>> slot = Keeper.model_construct(kind="replication slot", name="old_standby", age=None, horizon=20_000)
    >>> horizon([], [slot]).who, horizon([], [slot.model_copy(update={"horizon": 3})])
    ('old_standby', None)
    >>> three_hours = Keeper.model_construct(kind="prepared transaction", name="p", age=10_800.0, horizon=5_000)
    >>> horizon([], [three_hours, slot.model_copy(update={"horizon": 9_000})]).who
    'p'
    """
    held = [Horizon(str(b.pid), "session", b.transaction_age, b.horizon) for b in backends if b.horizon is not None]
    held += [Horizon(h.name, h.kind, h.age, h.horizon) for h in keepers if h.horizon is not None]
    return max(filter(_worth_a_word, held), key=lambda each: (each.transactions, each.age or 0.0), default=None)


def _worth_a_word(held: Horizon) -> bool:
    return held.transactions >= BEHIND if held.age is None else held.age >= LONG
