"""`migrate history` on a real server: what happened to the schema, and nothing of what else the console does."""

from pathlib import Path

from console.db.session import Session
from console.migrate.files import read_folder
from console.migrate.history import history
from console.services.events import Action, record_action
from tests.migrate.working import go_up, write_tables
from tests.targets import target


async def kinds(dsn: str, folder: Path, limit: int) -> list[str]:
    """The kinds of the events, the newest first."""
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        return [event.kind for event in (await history(session, read_folder(folder), limit=limit)).rows]


async def test_what_else_the_console_does_is_no_migration(pg18_database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    await go_up(pg18_database, tmp_path)
    async with await Session.open(target(pg18_database), "act") as session:
        for kind in ("session.terminate", "maintain.partitions", "retention.hold"):
            assert (await record_action(session, Action(kind, "a target", "a test", "select 1"), "done")).file is None
    assert await kinds(pg18_database, tmp_path, limit=2) == ["applied"]
