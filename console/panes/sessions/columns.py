"""What is shown of a session in its line."""

from console.panes.sessions.models import Session
from console.ui.columns import Column, Kind, Tone

STATES = {
    "active": "● active",
    "idle": "  idle",
    "idle in transaction": "▲ idle in tx",
    "idle in transaction (aborted)": "✖ aborted tx",
    "fastpath function call": "● fastpath",
    "disabled": "  disabled",
}
"""How a state is written; the sign says what the colour says."""


def state_text(session: Session) -> str:
    """The state in a word and a sign; a session that waits for a lock says so instead."""
    backend = session.backend
    if session.blocks and backend.state != "active":
        return "✖ blocks, idle" if backend.transaction_age is not None else "✖ blocks"
    if backend.blocked_by:
        return "▲ waits"
    if session.hidden:
        return "  hidden"
    return STATES.get(backend.state or "", f"  {backend.state or backend.backend_type or 'unknown'}")


def tone(session: Session) -> Tone:
    """The colour that goes with it."""
    backend = session.backend
    if session.blocks or backend.state == "idle in transaction (aborted)":
        return Tone.ERROR
    if backend.blocked_by or backend.state == "idle in transaction":
        return Tone.WARNING
    return Tone.OK if backend.state == "active" else Tone.MUTED


def wait_drawn(session: Session) -> str:
    """What it waits for, of a lock only which kind; that it waits for one stands before it."""
    return (session.wait or "").removeprefix("Lock:")


def blockers_text(pids: list[int]) -> str:
    """Whom it waits for: the first, and how many more.

    >>> blockers_text([]), blockers_text([7]), blockers_text([0, 8, 9])
    ('', '7', 'prepared +2')
    """
    names = ["prepared" if pid == 0 else str(pid) for pid in pids]
    return " +".join([*names[:1], *([str(len(names) - 1)] if len(names) > 1 else [])])


def application_text(session: Session) -> str | None:
    """What a client calls itself; what kind of process the server's own are."""
    backend = session.backend
    return backend.application or (None if backend.backend_type == "client backend" else backend.backend_type)


def query_text(session: Session) -> str | None:
    """The statement without literals, or why there is none."""
    return "hidden from this role" if session.hidden else session.query


def pid_drawn(session: Session) -> str:
    """The number of the process; of a parallel worker it hangs from the one above, for whom it works."""
    pid = str(session.backend.pid)
    return f"└ {pid}" if session.backend.leader_pid and len(pid) <= LONGEST_PID else pid


LONGEST_PID = 5
"""Digits beside which there is room for a sign."""


COLUMNS: tuple[Column[Session], ...] = (
    Column(id="pid", title="pid", value=lambda s: s.backend.pid, drawn=pid_drawn, width=7, kind=Kind.NUMBER),
    Column(id="user", title="user", value=lambda s: s.backend.user, width=10, priority=2),
    Column(id="app", title="application", value=application_text, width=16, priority=4),
    Column(id="db", title="database", value=lambda s: s.backend.database, width=12, priority=7),
    Column(id="client", title="client", value=lambda s: s.backend.client, width=13, priority=6),
    Column(id="state", title="state", value=lambda s: s.state, drawn=state_text, width=14, tone=tone),
    Column(id="wait", title="wait", value=lambda s: s.wait, drawn=wait_drawn, width=15, priority=5),
    Column(id="age", title="age", value=lambda s: s.backend.query_age, width=5, kind=Kind.SECONDS),
    Column(id="tx", title="tx", value=lambda s: s.backend.transaction_age, width=5, kind=Kind.SECONDS, tone=tone),
    Column(
        id="by", title="waits for", value=lambda s: blockers_text(s.backend.blocked_by) or None, width=9, priority=3
    ),
    Column(id="blocks", title="blocks", value=lambda s: s.blocks or None, width=6, kind=Kind.NUMBER, tone=tone),
    Column(id="query", title="statement", value=query_text, width=18, grows=True),
)
"""What is shown of a session; without room the highest priorities go first."""
