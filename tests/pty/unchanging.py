"""Consoles that nobody touches, and for which nothing changes: what they write meanwhile."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from console.db.database import Database
from console.recorded import RECORDED
from console.services.history.models import Limits
from console.services.history.recorder import Recorder
from console.services.history.writing import Writer
from tests.fixtures.running import complete
from tests.targets import target
from tests.terminal import Terminal

CONSOLE = [str(Path(sys.executable).with_name("emr-console"))]


class Unchanging:
    """Three consoles, left alone once they are drawn."""

    def __init__(self, migrations: Terminal, sessions: Terminal, recording: Terminal) -> None:
        self.migrations = migrations
        """A real database's."""
        self.sessions = sessions
        """With somebody who has been idle for three hours."""
        self.recording = recording
        """The sessions of three moments; a server would be asked again and again."""
        self._terminals = migrations, sessions, recording
        migrations.wait_for("005 .*applied")
        sessions.wait_for("3 h")
        for terminal in self._terminals[:2]:
            terminal.wait_for("live")
        recording.wait_for("morning .*select \\?")
        recording.wait_for("AS OF")
        for terminal in self._terminals:
            terminal.rest(0.3)  # the last cells of the first picture
        self._since = time.monotonic()

    def written(self, seconds: float) -> list[bytes]:
        """What they have written in so many seconds, or more, all of which has waited in their terminals."""
        first, *others = self._terminals
        left = max(self._since + seconds - time.monotonic(), 0.1)
        return [first.quiet(left), *(terminal.quiet(0.1) for terminal in others)]


@contextmanager
def left_alone(dsn: str, folder: Path) -> Iterator[Unchanging]:
    """A migrated database's migrations, the sample's sessions, and a recording that is made of that database."""
    path = folder / "night"
    complete(recorded(dsn, path, ("evening", "midnight", "morning")))
    with (
        Terminal([*CONSOLE, "--dsn", dsn, "--pane", "migrations"]) as migrations,
        Terminal([sys.executable, "-m", "tests.pty.idle"]) as sessions,
        Terminal([*CONSOLE, "--pane", "sessions", "replay", str(path)], columns=120) as recording,
    ):
        yield Unchanging(migrations, sessions, recording)


async def recorded(dsn: str, path: Path, names: Sequence[str]) -> None:
    """A moment for each of these, at which only he is connected beside us; the others have not come yet, or left."""
    about = {"profile": "", "user": "dba", "host": "db1", "database": "emr", "version": "18"}
    async with Database(target(dsn)) as db:
        with Writer(path, about, "t", Limits()) as writer:
            recorder = Recorder(db, RECORDED, writer)
            for name in names:
                async with await psycopg.AsyncConnection.connect(dsn, application_name=name) as other:
                    await other.execute("select 'hidden-qzjx'")
                    writer.add(await recorder.moment())
