"""The test servers are what design and tests take them for."""

import psycopg
import pytest

from console.demo.server import Cluster
from tests.fixtures.pooler import Pooler
from tests.fixtures.timescale import Timescale


def one(dsn: str, query: str) -> tuple[object, ...]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row


def test_cluster_has_the_settings_of_the_product(cluster: Cluster) -> None:
    names = "shared_preload_libraries", "max_locks_per_transaction", "listen_addresses", "unix_socket_permissions"
    shown = one(cluster.dsn(), f"SELECT {', '.join(f'current_setting($${name}$$)' for name in names)}")
    assert shown == ("pg_stat_statements", "256", "", "0700")


def test_cluster_wants_its_password(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.dsn().replace(str(cluster.passfile), "/dev/null"), password="wrong")


def test_cluster_shows_its_files_to_nobody_else(cluster: Cluster) -> None:
    private = {cluster.data: 0o700, cluster.socket_dir: 0o700, cluster.passfile: 0o600}
    assert {path: path.stat().st_mode & 0o777 for path in private} == private
    assert cluster.home.stat().st_mode & 0o067 == 0


def test_servers_are_of_two_majors(pg18: Cluster, pg15: Cluster) -> None:
    majors = [one(c.dsn(), "SELECT current_setting('server_version_num')::int / 10000") for c in (pg18, pg15)]
    assert majors == [(18,), (15,)]


def test_database_is_empty(database: str) -> None:
    assert one(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == (0,)


def test_migrated_holds_the_schema(migrated: str) -> None:
    query = "SELECT count(*) FROM pg_class WHERE relname IN ('users', 'tasks', 'patients', 'audit_logs')"
    assert one(migrated, query) == (4,)


def test_pooler_hands_out_another_backend_than_it_says(pgbouncer: Pooler) -> None:
    with psycopg.connect(pgbouncer.dsn("postgres"), autocommit=True) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        assert row[0] != connection.info.backend_pid


def test_timescale_has_the_full_licence_and_one_backend(timescale: Timescale) -> None:
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as connection:
        connection.execute("SET client_min_messages = warning")
        connection.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
        row = connection.execute(
            "SELECT current_setting('timescaledb.license'), pg_backend_pid(), extversion"
            " FROM pg_extension WHERE extname = 'timescaledb'"
        ).fetchone()
    assert row == ("timescale", 0, "2.23.0-dev")
