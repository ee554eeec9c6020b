"""What is told of one session on a page of its own, in words."""

from collections.abc import Sequence

from console.iso import to_second
from console.panes.sessions.models import Backend, Keeper, Session, Snapshot
from console.ui.facts import Fact
from console.ui.text import age


def facts(session: Session, shown: Snapshot) -> list[Fact]:
    """All that a refresh has told of a session."""
    b = session.backend
    since = f"{to_second(b.backend_start)} UTC" if b.backend_start else None
    known = {
        "role": b.user,
        "database": b.database,
        "application": b.application,
        "client": b.client,
        "kind": b.backend_type,
        "works for": str(b.leader_pid) if b.leader_pid else None,
        "connected since": since,
        "state": f"{b.state}, for {age(b.state_age)}" if b.state else None,
        "hidden": f"what it does; a superuser can show it: {shown.grant}" if session.hidden else None,
        "waits": f"{b.wait_event_type}: {b.wait_event}" if b.wait_event_type else None,
        "waits for": waited_for(b.blocked_by, shown.keepers),
        "blocks": f"{session.blocks} session{'s' if session.blocks > 1 else ''}" if session.blocks else None,
        "statement began": f"{age(b.query_age)} ago" if b.query_age is not None else None,
        "transaction began": _transaction(b),
        "keeps from vacuum": f"what {b.horizon:,} transactions have removed" if b.horizon else None,
    }
    return [(label, value) for label, value in known.items() if value]


def waited_for(pids: Sequence[int], keepers: Sequence[Keeper]) -> str | None:
    """Whom a session waits for; a prepared transaction has no pid, so all that there are are named.

    >>> held = Keeper(kind="prepared transaction", name="tx 7", owner="ana", database="emr", age=700.0, horizon=9)
    >>> waited_for([12, 0], [held])
    '12, a prepared transaction (tx 7 of ana, prepared 11 m ago)'
    """
    prepared = [_prepared(keeper) for keeper in keepers if keeper.kind == "prepared transaction"]
    said = f"a prepared transaction ({'; '.join(prepared)})" if prepared else "a prepared transaction"
    return ", ".join(said if pid == 0 else str(pid) for pid in pids) or None


def _prepared(keeper: Keeper) -> str:
    return f"{keeper.name} of {keeper.owner}, prepared {age(keeper.age)} ago"


def _transaction(backend: Backend) -> str | None:
    if backend.transaction_age is None:
        return None
    return f"{age(backend.transaction_age)} ago, has {'written' if backend.has_written else 'not written'}"
