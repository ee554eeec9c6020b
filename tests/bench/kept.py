"""Databases that take long to make, kept from run to run: one server outside the repository, one database a scale."""

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import psycopg
from psycopg import sql

from console import folders
from console.demo import binaries, home
from console.demo.account import unprivileged
from console.demo.server import Cluster
from console.migrate.files import default_folder
from tests.bench.migrating import LABELS
from tests.bench.options import Options
from tests.fixtures.running import SETTINGS, complete

UNFINISHED = "unfinished"
"""What a database is called until everything is in it."""

ROOMY = {"shared_buffers": "512MB", "max_wal_size": "8GB", "maintenance_work_mem": "512MB"}
"""Of a small server of its own, with room for the load."""


@contextmanager
def kept(options: Options) -> Iterator[tuple[Cluster, str]]:
    """The server and the DSN of its database of this scale, made if it is not there; waits for another bench."""
    folder = options.kept or location()
    home.prepare(folder, unprivileged())
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster = Cluster(binaries.within_reach(unprivileged(), folder), folder, settings=SETTINGS | ROOMY)
        complete(_started(cluster))
        try:
            yield cluster, cluster.dsn(_database(cluster, options.scale))
        finally:
            complete(cluster.stop())


def location() -> Path:
    """The cache of the person; for root a place that the server's account can reach."""
    if not unprivileged().process:
        return platformdirs.user_cache_path(folders.NAME) / "bench"
    return home.common_folder() / f"{folders.NAME}-bench"


async def _started(cluster: Cluster) -> None:
    await cluster.stop_stray()
    if not cluster.data.exists():
        await cluster.create()
    await cluster.start()


def _database(cluster: Cluster, scale: float) -> str:
    """Its name; complete, vacuumed, and of the migrations as they are now."""
    name, made_from = f"scale_{scale:g}", _migrations()
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        found = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", (name,)
        ).fetchone()
        if found != (made_from,):
            sys.stderr.write(f"Making {name} in {cluster.home}.\n")
            for old in (UNFINISHED, name):
                connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(old)))
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(UNFINISHED)))
            _fill(cluster.dsn(UNFINISHED), scale)
            connection.execute(
                sql.SQL("comment on database {} is {}").format(sql.Identifier(UNFINISHED), sql.Literal(made_from))
            )
            connection.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(UNFINISHED), sql.Identifier(name))
            )
            connection.execute("checkpoint")
    return name


def _fill(dsn: str, scale: float) -> None:
    """The schema and the rows, and what autovacuum would have done by tomorrow."""
    program = [str(Path(sys.executable).parent / "emr-console"), "--dsn", dsn]
    subprocess.run([*program, "--quiet", "migrate", "up", "--yes"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*program, "generate", "--scale", str(scale)], check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum")


def _migrations() -> str:
    """One hash of what such a database was made by."""
    digest = hashlib.sha256()
    for label in LABELS:
        digest.update((default_folder() / f"{label}.up.sql").read_bytes())
    return digest.hexdigest()
