"""A console whose sessions pane is fed with one session that has been idle for three hours; run as a program."""

import time
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from console.app import ConsoleApp
from console.db.database import Database
from console.db.target import Target
from console.panes.sessions.models import Backend, Snapshot
from console.panes.sessions.service import arrange
from console.panes.sessions.view import SessionsPane
from console.ui.header import Identity
from console.ui.panebar import pane_commands

START = time.monotonic()
CONNECTED = datetime.now(UTC) - timedelta(hours=4)


class IdlePane(SessionsPane):
    """Real ages: three hours, and a little more at every refresh."""

    async def load(self) -> Snapshot:
        asleep = 3 * 3600 + 60 + time.monotonic() - START
        row = Backend(
            pid=4711, backend_start=CONNECTED, backend_type="client backend", leader_pid=None, user="emr_app",
            database="emr", application="emr-task-service", client="10.0.0.7", state="idle",
            wait_event_type="Client", wait_event="ClientRead", query_start=CONNECTED, query_age=asleep,
            transaction_age=None, state_age=asleep, has_written=False, horizon=None, blocked_by=[],
            query_text="select 'x'",
        )  # fmt: skip
        return Snapshot(datetime.now(UTC), arrange([row]), connections=1, limit=97)


class IdleConsole(ConsoleApp):
    """The console with that pane alone."""

    PANES: ClassVar = (IdlePane,)
    COMMAND_TABLE: ClassVar = pane_commands((IdlePane,))


if __name__ == "__main__":
    nowhere = Database(Target({"host": "/nonexistent"}, "a test"))
    IdleConsole(nowhere, Identity(profile="test", user="dba", host="db1", database="emr", version="18.6")).run()
