"""What a refresh of the chunk list costs the server, and the console itself, with thousands of chunks.

Partitions are real. TimescaleDB's chunks are recorded: real relations, but its views are tables of the same columns, so
that what the view itself takes (29 ms for 5,000, measured on 2.28) comes on top.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.demo.server import Cluster
from console.services.storage.chunks import STATUS, THERE
from console.services.storage.tables import BESIDE, CHUNKS, PARTITIONS, POLICIES
from tests.bench.blocking import refreshes
from tests.bench.options import Options
from tests.bench.serving import server
from tests.fixtures.running import complete
from tests.services.storage.recorded import furnish

TABLE = """create table audit_logs (id uuid not null, created_at timestamptz not null, user_id uuid, action text,
    changes jsonb, primary key (id, created_at)) partition by range (created_at)"""
PARTITION = """do $$ begin for n in {first}..{last} loop
    execute format('create table audit_logs_%s partition of audit_logs for values from (%L) to (%L)', n,
                   timestamptz '1930-01-06Z' + n * interval '7 days',
                   timestamptz '1930-01-13Z' + n * interval '7 days');
end loop; end $$"""
CHUNK = """do $$ begin for n in {first}..{last} loop
    execute format('create table _timescaledb_internal._hyper_1_%s_chunk () inherits (public.beds)', n + 10);
    insert into timescaledb_information.chunks (hypertable_schema, hypertable_name, chunk_schema, chunk_name,
        range_start, range_end, is_compressed) values ('public', 'beds', '_timescaledb_internal',
        format('_hyper_1_%s_chunk', n + 10), timestamptz '1930-01-06Z' + n * interval '7 days',
        timestamptz '1930-01-13Z' + n * interval '7 days', n % 2 = 0);
    insert into _timescaledb_catalog.compression_chunk_size select n + 10, 0, 9, 9, 9, 3, 3, 3, 900, 9 where n % 2 = 0;
end loop; end $$"""
TOOK = re.compile(r"(?:Planning|Execution) Time: ([\d.]+) ms")
BATCH = 50

Asked = dict[str, list[Request[Any]]]
"""What is asked, by when."""


def many(connection: psycopg.Connection, statement: str, number: int) -> None:
    """Make so many parts, some at a time, so that no transaction locks all of them."""
    for first in range(0, number, BATCH):
        last = min(number, first + BATCH) - 1
        connection.execute(statement.replace("{first}", str(first)).replace("{last}", str(last)).encode())


def cost(connection: psycopg.Connection, request: Request[Any], oid: int, times: int) -> float:
    """Milliseconds of planning and executing, the best of several."""
    text = f"explain (analyze, timing off) {request.query.text(18)}".encode()
    return min(_took(connection, text, request.params | {"oid": oid}) for _ in range(times))


def _took(connection: psycopg.Connection, text: bytes, params: dict[str, object]) -> float:
    lines = [line for (line,) in connection.execute(text, params)]
    return sum(float(found[1]) for line in lines if (found := TOOK.search(line)))


def costs(connection: psycopg.Connection, table: str, asked: Asked, times: int) -> Iterator[str]:
    """One line for what is asked at each refresh, and one for what is asked on opening."""
    connection.execute("vacuum analyze")
    connection.execute("set search_path = pg_catalog")
    connection.execute("set timezone = 'UTC'")
    ((oid,),) = connection.execute("select %s::regclass::oid::bigint", (table,)).fetchall()
    for when, requests in asked.items():
        took = {request.query.name: cost(connection, request, oid, times) for request in requests}
        each = ", ".join(f"{name} {ms:.1f}" for name, ms in took.items())
        yield f"{table:<18} {when:<11} {sum(took.values()):>6.1f} ms   ({each})"


def lines(options: Options) -> Iterator[str]:
    """Partitions first, then recorded chunks."""
    there = Request(THERE, PARTITIONS.model)
    with _roomy() as (cluster, connection):
        connection.execute(TABLE.encode())
        for columns in ("created_at", "user_id, created_at", "action, created_at"):
            connection.execute(f"create index on audit_logs ({columns})".encode())
        many(connection, PARTITION, options.chunks)
        asked: Asked = {"refresh": [there, PARTITIONS, PULSE], "on opening": [BESIDE]}
        yield from costs(connection, "public.audit_logs", asked, options.times)
        yield from _own(cluster.dsn("postgres"), options.times)
    with _roomy() as (_, connection):
        furnish(connection, "2.28.3")
        connection.execute("create index on beds (at)")
        many(connection, CHUNK, options.chunks)
        asked = {
            "refresh": [there, CHUNKS, POLICIES, PULSE],
            "on opening": [BESIDE, Request(STATUS, PARTITIONS.model)],
        }
        yield from costs(connection, "public.beds", asked, options.times)


def _own(dsn: str, times: int) -> Iterator[str]:
    """One line for each way to refresh."""
    for when, (cpu, block) in complete(refreshes(dsn, times)).items():
        yield f"{'the console itself':<18} {when:<11} {cpu:>6.1f} ms   (CPU; busy for {block:.1f} ms at a time)"


@contextmanager
def _roomy() -> Iterator[tuple[Cluster, psycopg.Connection]]:
    """A server with room for many locks."""
    roomy = server({"max_locks_per_transaction": "256"})
    with roomy as cluster, psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        yield cluster, connection
