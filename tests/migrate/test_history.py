"""`migrate history` on a real server: what happened to the schema, and nothing of what else the console does."""

from pathlib import Path

from console.db.session import Session
from console.migrate.files import read_folder
from console.migrate.history import history
from console.services.events import Action, record_action
from tests.targets import target


async def kinds(dsn: str, folder: Path, limit: int) -> list[str]:
    """The kinds of the events, the newest first."""
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        return [event.kind for event in (await history(session, read_folder(folder), limit=limit)).rows]


async def test_what_else_the_console_does_is_no_migration(with_first: str, tmp_path: Path) -> None:
    async with await Session.open(target(with_first), "act") as session:
        for kind in ("session.terminate", "maintain.partitions", "retention.hold"):
            assert (await record_action(session, Action(kind, "a target", "a test", "select 1"), "done")).file is None
    assert await kinds(with_first, tmp_path, limit=2) == ["applied"]
