"""A busy server: sessions of an application, some of which wait for others, and statements by the thousand."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from console.demo.server import SUPERUSER, Cluster
from tests.bench.options import Options
from tests.bench.program import BIN, PROGRAMS
from tests.bench.serving import server
from tests.fixtures.databases import migrate

DATABASE = "emr"

WAITING = 10
"""Sessions that wait for one row."""

CLIENTS = 4
"""Sessions that are at work."""

TRAFFIC = """
select count(*) from pg_class where relpages > :client_id;
select count(*) from pg_attribute where attnum = :client_id;
select max(relname::text) from pg_class join pg_namespace n on n.oid = relnamespace where nspname <> 'none';
"""
"""What they run, twenty times a second."""

BITS = 13
"""A statement's number in binary is its columns, so that no two are alike once their values are gone."""

COST = """select coalesce(sum(total_plan_time + total_exec_time), 0) from pg_stat_statements(false)
           where userid = %s::regrole and queryid is not null"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A server with all that."""

    cluster: Cluster
    """The server."""
    admin: psycopg.Connection
    """Its superuser."""

    def milliseconds(self, role: str) -> float:
        """Planning and executing of everything that a role has asked so far."""
        ((took,),) = self.admin.execute(COST, (role,))
        return float(took)

    @property
    def socket_dir(self) -> Path:
        """Where a relay finds it."""
        return self.cluster.socket_dir

    def params(self, role: str = SUPERUSER, socket_dir: Path | None = None) -> dict[str, str]:
        """How somebody reaches it, perhaps through a relay."""
        direct = self.cluster.params(DATABASE)
        return direct | {"user": role, "host": str(socket_dir or direct["host"])}


@contextmanager
def crowded(options: Options) -> Iterator[Crowd]:
    """So many sessions and so many statements."""
    settings = {
        "max_connections": str(2 * options.sessions),
        "pg_stat_statements.max": str(2 * options.statements),
        "pg_stat_statements.track_planning": "on",
    }
    with server(settings) as cluster, ExitStack() as stack:
        admin = stack.enter_context(psycopg.connect(cluster.dsn("postgres"), autocommit=True))
        admin.execute(f"create database {DATABASE}".encode())
        migrate(cluster.target(DATABASE))
        _fill(cluster)
        admin = stack.enter_context(psycopg.connect(cluster.dsn(DATABASE), autocommit=True))
        _prepare(cluster, admin, options.statements)
        for number in range(options.sessions - CLIENTS):
            name = f"emr-service-{number % 7}"
            session = psycopg.connect(cluster.dsn(DATABASE), application_name=name)
            stack.callback(session.close)  # no commit at the end: some are still waiting
            _sit(session, number)
        stack.enter_context(_traffic(cluster))
        yield Crowd(cluster, admin)


def _fill(cluster: Cluster) -> None:
    """Seven years of partitions: files that pg_activity counts at each refresh, and tables that our checks read."""
    command = [str(BIN / "emr-console"), "--quiet", "--dsn", cluster.dsn(DATABASE), "generate", "--scale", "0.01"]
    subprocess.run(command, check=True, capture_output=True)


def _prepare(cluster: Cluster, admin: psycopg.Connection, statements: int) -> None:
    admin.execute("create extension pg_stat_statements")
    admin.execute("create table bench_row as select 1 as id")
    for program in PROGRAMS:
        create = sql.SQL("create role {} login in role pg_monitor, pg_read_all_data password {}")
        admin.execute(create.format(sql.Identifier(program.role), cluster.password()))
    for number in range(statements):
        columns = (("lower('a value')", "length('another value')")[bit == "1"] for bit in f"{number:0{BITS}b}")
        admin.execute(f"select {', '.join(columns)}".encode())


def _sit(session: psycopg.Connection, number: int) -> None:
    """The first holds a row that the next few want; of the others every tenth is in a transaction."""
    session.autocommit = number % 10 > 0
    if number == 0:
        session.execute("update bench_row set id = 2")
    elif number <= WAITING:
        session.pgconn.send_query(b"update bench_row set id = 3")
    else:
        session.execute("select 'a value', 4711")


@contextmanager
def _traffic(cluster: Cluster) -> Iterator[None]:
    script = cluster.home / "traffic.sql"
    script.write_text(TRAFFIC)
    where = cluster.params(DATABASE)
    command = [str(cluster.bindir / "pgbench"), "-h", where["host"], "-U", where["user"], "-n", "-f", str(script)]
    rate = ["-c", str(CLIENTS), "-R", "20", "-T", "86400", DATABASE]
    working = subprocess.Popen(
        [*command, *rate],
        env={"PGPASSFILE": where["passfile"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        working.kill()
        working.wait()
