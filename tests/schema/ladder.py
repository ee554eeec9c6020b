"""Migrations 001-005 taken one by one, up and down, with rows on every step."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import psycopg

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "migrations_sql"
VERSIONS = ("001", "002", "003", "004", "005")
AUDIT = ("audit_logs", "audit_log_details")

Part = Literal["up", "down", "verify"]


@cache
def text(version: str, part: Part, flavour: str) -> str:
    """The file of one migration that is for this flavour."""
    (file,) = [
        file
        for file in FOLDER.glob(f"{version}_*.{part}.sql")
        if not {"plain", "timescale"} & set(file.name.split(".")) - {flavour}
    ]
    return file.read_text("utf-8")


class Ladder:
    """One database, and the migrations as psql would run them: one transaction a file."""

    def __init__(self, connection: psycopg.Connection, dsn: str, flavour: str = "plain") -> None:
        self.connection = connection
        self.dsn = dsn
        self.flavour = flavour

    def up(self, *versions: str) -> None:
        """Apply, and check in the same transaction that what the verify file says holds."""
        for version in versions:
            with self.connection.transaction():
                self.connection.execute(text(version, "up", self.flavour).encode())
                assert self.broken(version) == []

    def down(self, *versions: str) -> None:
        for version in versions:
            with self.connection.transaction():
                self.connection.execute(text(version, "down", self.flavour).encode())

    def fill(self, *versions: str) -> None:
        """Add rows to what a migration made."""
        for version in versions:
            file = HERE / "rows" / f"{version}.sql"
            if file.exists():
                with self.connection.transaction():
                    self.connection.execute(file.read_bytes())

    def broken(self, version: str) -> list[tuple[Any, ...]]:
        """The checks of a migration that do not hold."""
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("set local transaction_read_only = on")
            checks = self.rows(text(version, "verify", self.flavour))
        assert checks
        return [check for check in checks if check[1] is not True]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def value(self, query: str) -> Any:
        ((value,),) = self.rows(query)
        return value

    def run(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def fingerprint(self) -> list[str]:
        """Every fact about the schema."""
        files = ["fingerprint.sql"]
        if self.value("select to_regclass('timescaledb_information.hypertables') is not null"):
            files.append("fingerprint_timescale.sql")
        return [fact for file in files for (fact,) in self.rows((HERE / file).read_text("utf-8"))]

    def content(self, *tables: str) -> list[tuple[Any, ...]]:
        """Number of rows and a hash of them all, which their order does not change."""
        hashed = "select count(*), sum(hashtextextended(t::text, 0)::numeric)"
        return [self.rows(f"{hashed} from {table} as t")[0] for table in tables]

    def backups(self) -> list[str]:
        """Tables in which a rollback of 002 kept rows."""
        found = self.rows("select tablename::text from pg_tables where tablename ~ '_backup_[0-9]{14}$' order by 1")
        return [name for (name,) in found]

    @contextmanager
    def acting(self, role: str, user: str = "") -> Iterator[None]:
        """Be a role and a signed-in user for one transaction that leaves nothing behind."""
        with self.connection.transaction(force_rollback=True):
            self.run(f"set local role {role}")
            self.run(f"set local app.current_user_id = '{user}'")
            yield
