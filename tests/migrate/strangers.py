"""A stranger who was in the database before us, and his trap."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from console.errors import Refused
from console.migrate import ledger
from tests.migrate.working import ask, one

TRAP = """
create sequence sprung; -- what a transaction that is rolled back has done to it stays
grant usage on sequence sprung to public;
create function spring() returns trigger language plpgsql as $$
begin
    perform nextval('public.sprung');
    return coalesce(new, old);
end $$;
create function spring(anyelement) returns boolean language plpgsql as
    'begin perform nextval(''public.sprung''); return true; end';
"""


class Stranger:
    """A role that may create what it likes in one database, and has a trap there."""

    def __init__(self, dsn: str, name: str) -> None:
        self.dsn = dsn
        self.name = name

    def run(self, statement: str) -> None:
        """Do something under this role."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f"set session authorization {self.name}; {statement}".encode())

    def begin_anew(self) -> None:
        """Have the rights and the trap, and nothing of what was there before."""
        database = conninfo_to_dict(self.dsn)["dbname"]
        ask(
            self.dsn,
            f"drop owned by {self.name} cascade; grant create on database {database} to {self.name};"
            f" grant create on schema public to {self.name}; grant pg_monitor to {self.name};"
            f" set session authorization {self.name}; {TRAP}",
        )

    def make_ledger(self) -> None:
        """A ledger as the engine would make it, with a trap on each table."""
        self.run(ledger.BOOTSTRAPS[0].text().replace("grant select on", "grant all on"))
        for table in ("meta", "run", "migration", "event"):
            self.trap(f"emr_console.{table}")

    def trap(self, table: str) -> None:
        """Hang the trap on a table."""
        when = "before insert or update or delete"
        self.run(f"create trigger a {when} on {table} for each row execute function spring()")

    @property
    def caught(self) -> bool:
        """Whether the trap was ever sprung."""
        return bool(one(self.dsn, "select is_called from sprung"))


@contextmanager
def strange(dsn: str) -> Iterator[Stranger]:
    """One of that database."""
    found = Stranger(dsn, f"stranger_of_{conninfo_to_dict(dsn)['dbname']}")
    ask(dsn, f"create role {found.name} login")
    found.begin_anew()
    try:
        yield found
    finally:
        ask(dsn, f"drop owned by {found.name} cascade; drop role {found.name}")


def refused(*said: str) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    """Expects the refusal that says so."""
    return pytest.raises(Refused, match=".*".join(said))
