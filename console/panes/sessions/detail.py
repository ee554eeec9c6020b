"""One session on a page: what is known of it, its statement, its locks; and the plan of its statement on another."""

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.widget import Widget

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.sessions.facts import facts
from console.panes.sessions.keys import DETAIL
from console.panes.sessions.looking import Found, look, plan_of
from console.panes.sessions.models import Session, Snapshot
from console.services.locking.words import locks_text
from console.sql.layout import laid_out
from console.ui.commands import CommandTable, bindings
from console.ui.detail import Block, DetailScreen, Page, open_page
from console.ui.past import past_of


class SessionScreen(DetailScreen):
    """A page about one session."""

    COMMAND_TABLE: ClassVar[CommandTable] = DETAIL
    BINDINGS: ClassVar = bindings(DETAIL)

    def __init__(self, db: Database, session: Session, shown: Snapshot, found: Found) -> None:
        known = facts(session, shown)
        if found.statement is None and session.query:
            known.append(("statement", "gone: the session has ended since the last refresh"))
        if found.gone_on:
            known.insert(0, ("by now", found.gone_on))
        super().__init__(f"session {session.backend.pid}", known, list(blocks(found)))
        self._db = db
        self._session = session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """At an earlier moment there is nobody to ask for a plan."""
        return False if action == "plan" and past_of(self.app) is not None else super().check_action(action, parameters)

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def action_plan(self) -> None:
        """Show the plan of its statement."""
        await open_plan(self.query_one(Page), self._db, self._session)


async def open_session(opener: Widget, db: Database, session: Session, shown: Snapshot) -> None:
    """Look closer at a session, and show what that finds; at an earlier moment, what was known then."""
    try:
        found = await look(db, session) if past_of(opener.app) is None else Found(session.query, ())
    except ConsoleError as error:
        opener.notify(error.sentence(), severity="error", markup=False)
    else:
        open_page(opener, SessionScreen(db, session, shown, found))


async def open_plan(opener: Widget, db: Database, session: Session) -> None:
    """Ask for the plan of a session's statement, and show it."""
    try:
        text = await plan_of(db, session)
    except ConsoleError as error:
        opener.notify(error.sentence(), severity="error", markup=False)
    else:
        statement = [Block("statement, without its values", laid_out(session.query), "sql")] if session.query else []
        title = f"plan of what session {session.backend.pid} runs, or ran last"
        open_page(opener, DetailScreen(title, (), [Block("plan, estimated: nothing was executed", text), *statement]))


def blocks(found: Found) -> Iterator[Block]:
    """The texts of the page."""
    if found.statement:
        yield Block("statement, without its values", laid_out(found.statement), "sql")
    if found.locks:
        yield Block("locks", locks_text(found.locks))
