"""Locks in words: pure, for panes and the command line alike."""

import re
from collections.abc import Sequence

from console.services.locking.models import Held, Lock
from console.units import age

_WORD = re.compile(r"[A-Z][a-z]+")


def mode(name: str | None) -> str:
    """A lock mode as SQL writes it.

    >>> mode("ShareUpdateExclusiveLock"), mode(None)
    ('SHARE UPDATE EXCLUSIVE', '')
    """
    return " ".join(_WORD.findall((name or "").removesuffix("Lock"))).upper()


def place(lock: Lock) -> str:
    """What a lock is on, in a word or two.

    >>> unknown = dict.fromkeys(Lock.model_fields)
    >>> place(Lock(**unknown | {"lock_type": "tuple", "relation": "public.tasks", "page": 4, "tuple": 7}))
    'tasks'
    >>> place(Lock(**unknown | {"lock_type": "advisory", "class_id": 4294967295}))
    'class -1'
    >>> place(Lock(**unknown | {"lock_type": "relation", "lock_database": "other"}))
    'in other'
    """
    if lock.relation:
        return lock.relation.removeprefix("public.")
    if lock.transaction and lock.tuple is None:
        return lock.transaction
    match lock.lock_type:
        case "advisory":
            return f"class {_signed(lock.class_id)}" if lock.class_id is not None else "a key"
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
            return f"an advisory lock on {place(lock)}"
        case "object":
            return f"object {lock.object_id} of catalogue {lock.class_id}"
    return lock.lock_type or ""


def locks_text(locks: Sequence[Held]) -> str:
    """A line for each lock, those that are waited for first.

    >>> known = dict.fromkeys(Held.model_fields) | {"lock_type": "relation", "total": 3, "granted": True}
    >>> has = Held.model_construct(**known | {"mode": "RowExclusiveLock", "relation": "public.tasks"})
    >>> wants = has.model_copy(update={"granted": False, "mode": "ShareLock", "waited": 96.0})
    >>> print(locks_text([wants, has]))
    wants  SHARE          public.tasks, for 1 m
    has    ROW EXCLUSIVE  public.tasks
    and 1 more
    """
    width = max((len(mode(lock.mode)) for lock in locks), default=0)
    lines = [f"{'has' if lock.granted else 'wants':5}  {mode(lock.mode):{width}}  {_locked(lock)}" for lock in locks]
    more = locks[0].total - len(locks) if locks else 0
    return "\n".join([*lines, f"and {more:,} more"] if more else lines)


def _locked(lock: Held) -> str:
    return described(lock) if lock.waited is None else f"{described(lock)}, for {age(lock.waited)}"


def _signed(number: int) -> int:
    """An oid as the number that it was.

    >>> _signed(4294967295), _signed(7)
    (-1, 7)
    """
    return number - (1 << 32) if number >> 31 else number
