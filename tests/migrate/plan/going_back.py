"""A database that one migration has made, and the plans of its ways back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console.demo.server import Cluster
from console.migrate.files import read_folder
from console.migrate.plan.reports import PlannedMigration
from console.migrate.plan.requested import Wanted, planned
from console.migrate.selection import Back
from tests.fixtures.databases import fresh
from tests.fixtures.running import complete
from tests.migrate.working import go_up, write
from tests.targets import target


@dataclass(frozen=True, slots=True)
class Made:
    """Such a database; plans leave it as it is."""

    dsn: str
    """Where it is."""
    folder: Path
    """The migration that has made it: 001_made."""

    async def back(self, down: str) -> PlannedMigration:
        """What `migrate plan down` tells of the migration when it goes back so."""
        (self.folder / "001_made.down.sql").write_text(down)
        (row,) = (await planned(target(self.dsn), read_folder(self.folder), Wanted(back=Back()))).rows
        return row


@contextmanager
def made(cluster: Cluster, folder: Path, up: str) -> Iterator[Made]:
    """One for fixtures that are no coroutines; nobody has analyzed it."""
    write(folder, "001_made", up=up)
    with fresh(cluster) as dsn:
        complete(go_up(dsn, folder))
        yield Made(dsn, folder)
