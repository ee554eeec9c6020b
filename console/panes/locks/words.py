"""Those who wait for locks, and for whom, in words: pure, for the pane and the command line alike."""

from console.panes.locks.models import Party
from console.services.locking.words import mode
from console.units import age

_STATES = {
    "idle in transaction": "idle in tx {idle}",
    "idle in transaction (aborted)": "aborted tx {idle}",
    "idle": "idle {idle}",
    "active": "active {query}",
}


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
