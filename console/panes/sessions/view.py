"""The sessions pane: one line a session, a line of sums above them, one session in detail."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.sessions import service
from console.panes.sessions.models import Session, Snapshot
from console.panes.sessions.sums import Sums
from console.ui.columns import Column, Kind, Tone
from console.ui.confirm import Fact
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.ui.text import age

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


def wait_text(session: Session) -> str | None:
    """What it waits for; an idle session waits for its client, which is not worth a word."""
    backend = session.backend
    if backend.wait_event_type in (None, "Client", "Activity"):
        return None
    return f"{backend.wait_event_type}:{backend.wait_event}"


def wait_drawn(session: Session) -> str:
    """The same, of a lock only which kind; that it waits for one stands before it."""
    return (wait_text(session) or "").removeprefix("Lock:")


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


COLUMNS: tuple[Column[Session], ...] = (
    Column(id="pid", title="pid", value=lambda s: s.backend.pid, width=7, kind=Kind.NUMBER, text=str),
    Column(id="user", title="user", value=lambda s: s.backend.user, width=10, priority=2),
    Column(id="app", title="application", value=application_text, width=16, priority=4),
    Column(id="db", title="database", value=lambda s: s.backend.database, width=12, priority=7),
    Column(id="client", title="client", value=lambda s: s.backend.client, width=13, priority=6),
    Column(id="state", title="state", value=lambda s: s.state, drawn=state_text, width=14, tone=tone),
    Column(id="wait", title="wait", value=wait_text, drawn=wait_drawn, width=15, priority=5),
    Column(id="age", title="age", value=lambda s: s.backend.query_age, width=5, kind=Kind.SECONDS),
    Column(id="tx", title="tx", value=lambda s: s.backend.transaction_age, width=5, kind=Kind.SECONDS, tone=tone),
    Column(
        id="by", title="waits for", value=lambda s: blockers_text(s.backend.blocked_by) or None, width=9, priority=3
    ),
    Column(id="blocks", title="blocks", value=lambda s: s.blocks or None, width=6, kind=Kind.NUMBER, tone=tone),
    Column(id="query", title="statement", value=query_text, width=18, grows=True),
)
"""What is shown of a session; without room the highest priorities go first."""


class SessionsPane(Pane[Database, Snapshot]):
    """Who is connected, doing what, for how long."""

    NAME: ClassVar = "sessions"
    TITLE: ClassVar = "Sessions"
    SHORT: ClassVar = "Sess"
    KEY: ClassVar = "2"

    def head(self) -> ComposeResult:
        """The sums."""
        yield Sums()

    def body(self) -> ComposeResult:
        """The sessions; who blocks others stays in sight whatever the filter says."""
        yield Listing(
            COLUMNS, key=lambda s: s.key, pinned=lambda s: s.blocks > 0, pinned_as="blocker", as_json=Session.as_json
        )

    async def load(self) -> Snapshot:
        """Ask who is connected."""
        return await service.snapshot(self.database)

    def show(self, data: Snapshot) -> None:
        """Put them on screen."""
        bar = self.query_one(Sums)
        bar.snapshot = data
        bar.repaint()
        self.query_one(Listing).show(data.sessions)

    def nothing(self, data: Snapshot) -> str:
        """Nobody but us."""
        return "" if data.sessions else "Nobody else is connected to this server."

    def remark(self, data: Snapshot) -> str:
        """What our role does not see."""
        if data.grant is None:
            return ""
        return f"This role sees of others only that they are here. A superuser can show it the rest: {data.grant}"

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, session: Session) -> None:
        from console.sql.layout import laid_out
        from console.ui.detail import Block, DetailScreen, open_page

        try:
            query = await service.statement(self.database, session)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", markup=False)
            return
        blocks = [Block("statement, without its values", laid_out(query), "sql")] if query else []
        shown = self.query_one(Sums).snapshot
        known = facts(session, shown.grant if shown else None)
        if query is None and session.query:
            known.append(("statement", "gone: the session has ended since the last refresh"))
        open_page(self, DetailScreen(f"session {session.backend.pid}", known, blocks))


def facts(session: Session, grant: str | None = None) -> list[Fact]:
    """All that is known of a session, in words."""
    b = session.backend
    since = f"{b.backend_start:%Y-%m-%d %H:%M:%S} UTC" if b.backend_start else None
    known = {
        "role": b.user,
        "database": b.database,
        "application": b.application,
        "client": b.client,
        "kind": b.backend_type,
        "works for": str(b.leader_pid) if b.leader_pid else None,
        "connected since": since,
        "state": f"{b.state}, for {age(b.state_age)}" if b.state else None,
        "hidden": f"what it does; a superuser can show it: {grant}" if session.hidden else None,
        "waits": f"{b.wait_event_type}: {b.wait_event}" if b.wait_event_type else None,
        "waits for": ", ".join("a prepared transaction" if pid == 0 else str(pid) for pid in b.blocked_by) or None,
        "blocks": f"{session.blocks} session{'s' if session.blocks > 1 else ''}" if session.blocks else None,
        "statement began": f"{age(b.query_age)} ago" if b.query_age is not None else None,
        "transaction began": f"{age(b.transaction_age)} ago" if b.transaction_age is not None else None,
    }
    return [(label, value) for label, value in known.items() if value]
