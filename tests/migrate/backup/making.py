"""Backups for tests, and their way back exactly as RESTORE.md tells it."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from console.migrate.backup.models import Backup, Hear, Progress, Wish
from console.migrate.backup.service import backup
from tests.migrate.working import ask
from tests.targets import target

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def ignore(progress: Progress) -> None:
    """Hear nothing."""


async def back_up(dsn: str, folder: Path, hear: Hear = ignore, **wish: object) -> Backup:
    """`migrate backup`; keywords are those of Wish."""
    return await backup(target(dsn), folder, hear, Wish(**wish))  # type: ignore[arg-type]


def rows(dsn: str, tables: list[str]) -> dict[str, int]:
    """The number of rows of each table, asked by the driver itself."""
    return {table: ask(dsn, f"select count(*) from {table}")[0][0] for table in tables}


def held(made: Backup) -> dict[str, int]:
    """The same, as the manifest tells."""
    return {content.table: content.rows for content in made.manifest.tables}


def follow(made: Backup, dsn: str, bindir: Path, *, without: str = "") -> subprocess.CompletedProcess[str]:
    """Run every command of RESTORE.md against a server; a block that holds `without` is left out."""
    blocks = BLOCK.findall((made.directory / "RESTORE.md").read_text("utf-8"))
    script = "".join(block for block in blocks if not without or without not in block)
    return subprocess.run(
        ["sh", "-c", script], cwd=made.directory, env=environment(dsn, bindir), capture_output=True, text=True
    )


def environment(dsn: str, bindir: Path) -> Mapping[str, str]:
    """Where a server is and what to call there, in variables; the restored database is the DSN's."""
    given = conninfo_to_dict(dsn)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "passfile": "PGPASSFILE", "password": "PGPASSWORD"}
    found = {variable: str(given[keyword]) for keyword, variable in names.items() if given.get(keyword)}
    sslmode = {"PGSSLMODE": str(given["sslmode"])} if given.get("sslmode") else {}
    return {"PATH": f"{bindir}:{os.environ['PATH']}", "NEW": str(given["dbname"]), **found, **sslmode}


def left(folder: Path) -> list[str]:
    """What a folder holds."""
    return sorted(path.name for path in folder.iterdir())
