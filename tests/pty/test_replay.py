"""The installed program on a recording of a real server: the past on a terminal, without any server."""

import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from console.db.database import Database
from console.recorded import RECORDED
from console.services.history.models import Limits
from console.services.history.recorder import Recorder
from console.services.history.writing import Writer
from tests.targets import target
from tests.terminal import Terminal

PROGRAM = str(Path(sys.executable).with_name("emr-console"))


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


async def test_a_recording_is_gone_through_on_a_terminal(pg18_migrated: str, tmp_path: Path) -> None:
    path = tmp_path / "night"
    await recorded(pg18_migrated, path, ("evening", "midnight", "morning"))
    with Terminal([PROGRAM, "--pane", "sessions", "replay", str(path)], columns=120) as shown:
        shown.wait_for("morning .*select \\?")
        shown.wait_for("AS OF")
        shown.rest(0.5)  # the last cells of the picture
        assert shown.quiet(2.5) == b"", "a server would have been asked again meanwhile"
        shown.send("[")
        shown.wait_for("midnight")
        shown.wait_without("morning")
        shown.send("@")
        shown.wait_for("Known from")
        shown.send("-1h\r")
        shown.wait_for("evening")
        shown.send("9")
        shown.wait_for("This pane was not recorded")
        shown.send("5tt")
        shown.wait_for("idx_patients_mrn")
        shown.send("}")
        shown.wait_for("this pane is asked less often")
        shown.send("r1")
        shown.wait_for("to look at|critical|well")
        assert not [key for key in ("snooze", "measure", "asking") if key in shown.text]
        shown.send("\x1b")  # takes notes away
        shown.wait_without("This is the last moment")
        shown.send("q")
        assert shown.wait() == 0
    assert b"qzjx" not in shown.raw
