"""Connections, locks and transactions."""

from collections.abc import Callable, Iterable, Sequence

from console.services.health.check import Around, Check, above, hidden, ok
from console.services.health.models import Verdict
from console.services.health.server_models import Activity, Peer, Wait
from console.services.health.sources import ACTIVITY
from console.units import age, number_of

IDLE = ("idle in transaction", "idle in transaction (aborted)")
"""States of a session that holds a transaction open and does nothing."""


def connections(seen: Activity, around: Around) -> Verdict:
    """How many of the connections that clients can have are taken."""
    share = 100 * seen.connections / max(1, seen.connection_limit)
    limits = around.limits.connections_warn, around.limits.connections_crit
    by_application = (
        "select application_name, usename, state, count(*) from pg_stat_activity\n"
        " where backend_type = 'client backend' group by 1, 2, 3 order by 4 desc;"
    )
    return above(share, limits, f"connections {seen.connections} of {seen.connection_limit}", by_application)


def blocked(seen: Activity, around: Around) -> Verdict:
    """Who waits for a lock for too long, and for whom in the end."""
    if not seen.complete:
        return hidden("Who waits for whom", around)
    if not seen.waits:
        return ok("nobody waits for a lock", 0, around.limits.blocked_warn)
    waited = {wait.pid: wait.seconds or 0.0 for wait in seen.waits}
    longest, freed = max(waited.values()), behind(seen.waits)
    # Of two that block as many, the one that has been waited for longest: as the lock tree has it.
    root = max(freed, key=lambda pid: (len(freed[pid]), max(waited[each] for each in freed[pid])), default=None)
    peer = next((peer for peer in seen.backends if peer.pid == root), None)
    limits = around.limits.blocked_warn, around.limits.blocked_crit
    waiting = f"{number_of(len(seen.waits), 'session')} for up to {age(longest)}"
    if root is None:
        return above(longest, limits, f"{waiting} wait for each other")
    if peer is None:
        return above(longest, limits, f"a prepared transaction blocks {waiting}", "select * from pg_prepared_xacts;")
    return above(
        longest,
        limits,
        f"{_doing(peer)} blocks {number_of(len(freed[root]), 'session')}{called(peer)}",
        terminate(peer),
    )


def idle_in_transaction(seen: Activity, around: Around) -> Verdict:
    """Who holds a transaction open and does nothing."""
    idle = [peer for peer in seen.backends if peer.state in IDLE]
    limits = around.limits.idle_in_transaction_warn, around.limits.idle_in_transaction_crit
    return _oldest(seen, around, idle, limits, lambda peer: peer.state_age, "no session is idle in a transaction")


def long_transactions(seen: Activity, around: Around) -> Verdict:
    """Whose transaction is old, and keeps vacuum from cleaning up."""
    working = [peer for peer in seen.backends if peer.kind == "client backend" and peer.state not in IDLE]
    limits = around.limits.transaction_warn, around.limits.transaction_crit
    return _oldest(seen, around, working, limits, lambda peer: peer.transaction_age, "no long transaction")


def prepared(seen: Activity, around: Around) -> Verdict:
    """Prepared transactions that nobody ends: they hold their locks also over a restart."""
    if not seen.prepared:
        return ok("no prepared transaction", 0, around.limits.prepared_warn)
    limits = around.limits.prepared_warn, around.limits.prepared_crit
    many = number_of(seen.prepared, "prepared transaction")
    said = f"{many}, the oldest for {age(seen.prepared_age)}"
    return above(
        seen.prepared_age or 0.0, limits, said, "select gid, prepared, owner, database from pg_prepared_xacts;"
    )


def behind(waits: Sequence[Wait]) -> dict[int, set[int]]:
    """By pid of those who wait for nobody: all who wait for them, also through others.

    >>> chain = [Wait(pid=2, blocked_by=[1], seconds=9), Wait(pid=3, blocked_by=[2], seconds=4)]
    >>> behind(chain)
    {1: {2, 3}}
    >>> behind([Wait(pid=1, blocked_by=[2], seconds=9), Wait(pid=2, blocked_by=[1], seconds=9)])
    {}
    """
    direct: dict[int, set[int]] = {}
    for wait in waits:
        for pid in wait.blocked_by:
            direct.setdefault(pid, set()).add(wait.pid)
    waiting = {wait.pid for wait in waits}
    return {root: _reached(root, direct) for root in direct if root not in waiting}


def _reached(root: int, direct: dict[int, set[int]]) -> set[int]:
    reached: set[int] = set()
    ahead = [root]
    while ahead:
        ahead_of = direct.get(ahead.pop(), set()) - reached
        reached |= ahead_of
        ahead += ahead_of
    return reached


def called(peer: Peer) -> str:
    """What a session calls itself, or else who or what it is.

    >>> nothing = dict.fromkeys(Peer.model_fields)
    >>> called(Peer.model_construct(**nothing | {"kind": "autovacuum worker", "application": ""}))
    ' (autovacuum worker)'
    """
    name = peer.application or (peer.user if peer.kind == "client backend" else peer.kind)
    return f" ({name})" if name else ""


def terminate(peer: Peer) -> str:
    """The statement that ends this session, and no later one with the same pid."""
    since = f" and backend_start = '{peer.backend_start.isoformat()}'" if peer.backend_start else ""
    return f"select pg_terminate_backend(pid) from pg_stat_activity\n where pid = {peer.pid}{since};"


def _doing(peer: Peer) -> str:
    return f"pid {peer.pid} {peer.state or 'working'} {age(peer.state_age)}".rstrip()


def _oldest(
    seen: Activity,
    around: Around,
    peers: Iterable[Peer],
    limits: tuple[float, float],
    span: Callable[[Peer], float | None],
    nobody: str,
) -> Verdict:
    if not seen.complete:
        return hidden("What other sessions do", around)
    known = sorted(((span(peer) or 0.0, peer) for peer in peers), key=lambda pair: -pair[0])
    if not known:
        return ok(nobody, 0, limits[0])
    longest, peer = known[0]
    late = sum(seconds >= limits[0] for seconds, _ in known) - 1
    more = f", and {late} more" if late > 0 else ""
    said = f"pid {peer.pid} {peer.state or 'working'} for {age(longest)}{called(peer)}{more}"
    return above(longest, limits, said, terminate(peer))


CHECKS = (
    Check("D01", "Connections", ACTIVITY, connections, "sessions"),
    Check("D02", "Blocked sessions", ACTIVITY, blocked, "locks"),
    Check("D03", "Idle in transaction", ACTIVITY, idle_in_transaction, "sessions"),
    Check("D04", "Long transactions", ACTIVITY, long_transactions, "sessions"),
    Check("D05", "Prepared transactions", ACTIVITY, prepared, "locks"),
)
"""What can be told of sessions."""
