"""Locks, and those who wait for them, in words: pure, for the pane and the command line alike."""

import re

from console.panes.locks.models import Lock, Party
from console.units import age

_WORD = re.compile(r"[A-Z][a-z]+")

_STATES = {
    "idle in transaction": "idle in tx {idle}",
    "idle in transaction (aborted)": "aborted tx {idle}",
    "idle": "idle {idle}",
    "active": "active {query}",
}


def mode(name: str | None) -> str:
    """A lock mode as SQL writes it.

    >>> mode("ShareUpdateExclusiveLock"), mode(None)
    ('SHARE UPDATE EXCLUSIVE', '')
    """
    return " ".join(_WORD.findall((name or "").removesuffix("Lock"))).upper()


def wish(party: Party) -> str:
    """What one waits for: the mode of a table's lock, else what kind of lock; empty where it does not wait.

    A row's lock has modes that say nothing to a person: the first who waits wants SHARE, the others EXCLUSIVE.

    >>> known = dict.fromkeys(Party.model_fields) | {"mode_wanted": "AccessExclusiveLock", "lock_type": "relation"}
    >>> wish(Party.model_construct(**known)), wish(Party.model_construct(**known | {"lock_type": "tuple"}))
    ('ACCESS EXCLUSIVE', 'row lock')
    """
    if not party.waits:
        return ""
    match party.lock_type:
        case "tuple":
            return "row lock"
        case "transactionid":
            return "row lock" if party.tuple is not None else "transaction end"
        case "virtualxid":
            return "transaction end"
        case "advisory":
            return "advisory lock"
    return mode(party.mode_wanted)


def place(lock: Lock) -> str:
    """What a lock is on, in a word or two.

    >>> unknown = dict.fromkeys(Lock.model_fields)
    >>> place(Lock(**unknown | {"lock_type": "tuple", "relation": "public.tasks", "page": 4, "tuple": 7}))
    'tasks'
    >>> place(Lock(**unknown | {"lock_type": "advisory", "class_id": 1, "object_id": 2, "object_sub_id": 1}))
    '4294967298'
    >>> place(Lock(**unknown | {"lock_type": "relation", "lock_database": "other"}))
    'in other'
    """
    if lock.relation:
        return lock.relation.removeprefix("public.")
    if lock.transaction and lock.tuple is None:
        return lock.transaction
    match lock.lock_type:
        case "advisory":
            return _key(lock)
        case "object":
            return f"object {lock.object_id}"
    return f"in {lock.lock_database}" if lock.lock_database else lock.lock_type or ""


def described(lock: Lock) -> str:
    """The same in full.

    >>> unknown = dict.fromkeys(Lock.model_fields)
    >>> described(Lock(**unknown | {"lock_type": "tuple", "relation": "public.tasks", "page": 4, "tuple": 7}))
    'row (4,7) of public.tasks'
    >>> described(Lock(**unknown | {"lock_type": "relation", "lock_database": "other"}))
    'a table of database other'
    """
    table = lock.relation or f"a table of database {lock.lock_database}"
    match lock.lock_type:
        case "relation":
            return table
        case "extend":
            return f"room at the end of {table}"
        case "page":
            return f"page {lock.page} of {table}"
        case "tuple" | "transactionid" if lock.tuple is not None:
            return f"row ({lock.page},{lock.tuple}) of {table}"
        case "transactionid" | "virtualxid":
            return f"transaction {lock.transaction}"
        case "advisory":
            return f"advisory lock {_key(lock)}"
        case "object":
            return f"object {lock.object_id} of catalogue {lock.class_id}"
    return lock.lock_type or ""


def named(party: Party) -> str:
    """A session by its process, a prepared transaction by its name."""
    return str(party.id) if party.gid is None else party.gid


def doing(party: Party) -> str:
    """What it does, and for how long; of one that waits only that.

    >>> known = dict.fromkeys(Party.model_fields) | {"id": 1, "state": "idle in transaction", "state_age": 743.0}
    >>> doing(Party.model_construct(**known)), doing(Party.model_construct(**known | {"mode_wanted": "ShareLock"}))
    ('idle in tx 12 m', 'waits')
    """
    if party.waits:
        return "waits"
    if party.gid is not None:
        return f"prepared {age(party.transaction_age)}"
    state = party.state or ("hidden" if party.hidden else party.backend_type or "unknown")
    return _STATES.get(state, state).format(idle=age(party.state_age), query=age(party.query_age))


def accusation(party: Party, blocks: int) -> str:
    """Who blocks others, in words.

    >>> known = dict.fromkeys(Party.model_fields) | {"id": 4711, "state": "idle in transaction", "state_age": 743.0}
    >>> accusation(Party.model_construct(**known), 5)
    '4711 idle in transaction 12 m, blocks 5'
    """
    said = "idle in transaction" if party.state == "idle in transaction" and not party.waits else ""
    return f"{named(party)} {f'{said} {age(party.state_age)}' if said else doing(party)}, blocks {blocks}"


def _key(lock: Lock) -> str:
    """An advisory key as it was given: one number of eight bytes, or two of four."""
    upper, lower = lock.class_id or 0, lock.object_id or 0
    if lock.object_sub_id == 1:
        return str(_signed(upper << 32 | lower, 64))
    return f"({_signed(upper, 32)}, {_signed(lower, 32)})"


def _signed(number: int, bits: int) -> int:
    """An oid as the number that it was.

    >>> _signed(4294967295, 32), _signed(7, 32)
    (-1, 7)
    """
    return number - (1 << bits) if number >> (bits - 1) else number
