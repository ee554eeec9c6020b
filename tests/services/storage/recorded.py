"""A stand-in for TimescaleDB on plain PostgreSQL: its views and catalogue tables with the columns of each version.

The column lists were written down from builds of 2.11 to 2.28 and from the source of 2.29. What cannot be had from the
one-session TimescaleDB of the tests - other versions, the apache licence, locks and timeouts beside it - is shown here,
on recorded rows; nothing here says how TimescaleDB itself behaves.
"""

import psycopg

VERSIONS = ("2.11.2", "2.12.2", "2.13.1", "2.14.2", "2.18.2", "2.20.3", "2.22.1", "2.25.2", "2.28.3", "2.29.2")
"""Those between which something changed."""


def reaches(version: str, needed: str) -> bool:
    """Whether a version is at least another."""
    return tuple(map(int, version.split("."))) >= tuple(map(int, needed.split(".")))


def information(version: str) -> dict[str, str]:
    """The columns of each information view that is read."""
    multinode = not reaches(version, "2.14.0")
    chunks = (
        "hypertable_schema name, hypertable_name name, chunk_schema name, chunk_name name, primary_dimension name, "
        "primary_dimension_type regtype, range_start timestamptz, range_end timestamptz, range_start_integer bigint, "
        "range_end_integer bigint, is_compressed boolean, chunk_tablespace name"
    )
    hypertables = (
        "hypertable_schema name, hypertable_name name, owner name, num_dimensions smallint, num_chunks bigint, "
        "compression_enabled boolean"
    )
    aggregates = (
        "hypertable_schema name, hypertable_name name, view_schema name, view_name name, view_owner name, "
        "materialized_only boolean, compression_enabled boolean, materialization_hypertable_schema name, "
        "materialization_hypertable_name name, view_definition text"
    )
    found = {
        "chunks": chunks + (", data_nodes name[]" if multinode else ""),
        "hypertables": hypertables + (", is_distributed boolean" if multinode else "") + ", tablespaces name[]",
        "continuous_aggregates": aggregates,
        "dimensions": "hypertable_schema name, hypertable_name name, dimension_number bigint, column_name name, "
        "column_type regtype, dimension_type text, time_interval interval, integer_interval bigint, "
        "integer_now_func name, num_partitions smallint",
        "jobs": "job_id int, application_name name, schedule_interval interval, max_runtime interval, max_retries int, "
        "retry_period interval, proc_schema name, proc_name name, owner regrole, scheduled boolean, "
        "fixed_schedule boolean, config jsonb, next_start timestamptz, initial_start timestamptz, "
        "hypertable_schema name, hypertable_name name, check_schema name, check_name name",
        "compression_settings": "hypertable_schema name, hypertable_name name, attname name, "
        "segmentby_column_index smallint, orderby_column_index smallint, orderby_asc boolean, "
        "orderby_nullsfirst boolean",
        "job_errors": "job_id int, proc_schema name, proc_name name, pid int, start_time timestamptz, "
        "finish_time timestamptz, sqlerrcode text, err_message text",
    }
    if reaches(version, "2.13.0"):
        found["chunks"] += ", chunk_creation_time timestamptz"
    if reaches(version, "2.20.0"):
        found["hypertables"] += ", primary_dimension name, primary_dimension_type regtype"
    if not reaches(version, "2.25.0"):
        found["continuous_aggregates"] += ", finalized boolean"
    if reaches(version, "2.22.0") and not reaches(version, "2.23.0"):
        found["continuous_aggregates"] += ", invalidate_using text"
    return found


CATALOGUE = {
    "_timescaledb_catalog.hypertable": "id int, schema_name name, table_name name",
    "_timescaledb_catalog.compression_chunk_size": "chunk_id int, compressed_chunk_id int, "
    "uncompressed_heap_size bigint, uncompressed_toast_size bigint, uncompressed_index_size bigint, "
    "compressed_heap_size bigint, compressed_toast_size bigint, compressed_index_size bigint, "
    "numrows_pre_compression bigint, numrows_post_compression bigint",
    "_timescaledb_catalog.continuous_aggs_watermark": "mat_hypertable_id int, watermark bigint",
    "_timescaledb_catalog.continuous_aggs_invalidation_threshold": "hypertable_id int, watermark bigint",
    "_timescaledb_catalog.continuous_aggs_hypertable_invalidation_log": "hypertable_id int, "
    "lowest_modified_value bigint, greatest_modified_value bigint",
    "_timescaledb_catalog.continuous_aggs_materialization_invalidation_log": "materialization_id int, "
    "lowest_modified_value bigint, greatest_modified_value bigint",
    "_timescaledb_internal.bgw_job_stat": "job_id int, last_start timestamptz, last_finish timestamptz, "
    "next_start timestamptz, last_successful_finish timestamptz, last_run_success boolean, total_runs bigint, "
    "total_duration interval, total_duration_failures interval, total_successes bigint, total_failures bigint, "
    "total_crashes bigint, consecutive_failures int, consecutive_crashes int, flags int",
}
"""The same in every version, in so far as it is read."""

ROWS = """
create table public.beds (at timestamptz not null, ward int);
insert into timescaledb_information.hypertables (hypertable_schema, hypertable_name, owner, num_dimensions,
    num_chunks, compression_enabled) values ('public', 'beds', 'postgres', 1, 4, true);
insert into timescaledb_information.dimensions values
    ('public', 'beds', 1, 'at', 'timestamptz', 'Time', '7 days', null, null, null);
insert into _timescaledb_catalog.hypertable values (1, 'public', 'beds'), (2, '_timescaledb_internal', 'mat_2');
create table _timescaledb_internal.mat_2 (bucket timestamptz);
insert into timescaledb_information.jobs (job_id, application_name, schedule_interval, proc_name, scheduled, config,
    next_start, hypertable_schema, hypertable_name) values
    (1000, 'Compression', '12:00', 'policy_compression', true, '{"compress_after": "14 days"}', '-infinity',
     'public', 'beds'),
    (1001, 'Retention', '1 day', 'policy_retention', true, '{"drop_after": "7 years"}', '-infinity', 'public', 'beds'),
    (1002, 'Refresh', '1 hour', 'policy_refresh_continuous_aggregate', true,
     '{"mat_hypertable_id": 2, "start_offset": "3 days", "end_offset": "01:00:00"}', '-infinity', 'public', 'hourly');
insert into _timescaledb_internal.bgw_job_stat (job_id, last_successful_finish, next_start)
    select n, '-infinity', '-infinity' from generate_series(1000, 1002) n;
insert into timescaledb_information.continuous_aggregates (hypertable_schema, hypertable_name, view_schema, view_name,
    materialized_only, materialization_hypertable_schema, materialization_hypertable_name, view_definition)
    values ('public', 'beds', 'public', 'hourly', true, '_timescaledb_internal', 'mat_2',
            'select time_bucket(''01:00:00''::interval, at) as bucket from beds group by 1');
insert into _timescaledb_catalog.continuous_aggs_watermark values (2, -210866803200000000);
insert into _timescaledb_catalog.continuous_aggs_materialization_invalidation_log values
    (2, -9223372036854775808, 1783267199999999), (2, 1795356000000000, 9223372036854775807),
    (2, 1700000000000000, 1700000001000000);
"""

CHUNK = """
create table _timescaledb_internal._hyper_1_{n}_chunk () inherits (public.beds);
insert into timescaledb_information.chunks (hypertable_schema, hypertable_name, chunk_schema, chunk_name,
    primary_dimension, primary_dimension_type, range_start, range_end, is_compressed)
    values ('public', 'beds', '_timescaledb_internal', '_hyper_1_{n}_chunk', 'at', 'timestamptz',
            {start}, timestamptz '2026-01-01Z' + {n} * interval '7 days', {compressed});
"""


def furnish(connection: psycopg.Connection, version: str, licence: str = "timescale") -> None:
    """Make a database look like one with TimescaleDB of that version.

    There are four chunks. The first two are compressed, the second only partly, and the first begins before all time.
    """
    run = connection.execute
    for schema in ("information", "catalog", "internal", "functions"):
        prefix = "" if schema == "information" else "_"
        run(f"create schema {prefix}timescaledb_{schema}".encode())
    for view, columns in information(version).items():
        run(f"create table timescaledb_information.{view} ({columns})".encode())
    for table, columns in CATALOGUE.items():
        run(f"create table {table} ({columns})".encode())
    _functions(connection, version)
    run(ROWS.encode())
    for n in range(1, 5):
        start = f"timestamptz '2026-01-01Z' + {n - 1} * interval '7 days'" if n > 1 else "'-infinity'"
        run(CHUNK.format(n=n, start=start, compressed=n < 3).encode())
    run(b"insert into _timescaledb_catalog.compression_chunk_size values (1, 5, 700, 20, 80, 100, 50, 50, 6000, 6),"
        b" (2, 6, 700, 20, 80, 100, 50, 50, 4000, 4)")  # fmt: skip
    run(b"set allow_system_table_mods = on")
    run(b"insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
        b" values (99999, 'timescaledb', 10, 'public'::regnamespace, false, %s)", (version,))  # fmt: skip
    name = connection.info.dbname
    run(f'alter database "{name}" set timescaledb.license = {licence}'.encode())


def _functions(connection: psycopg.Connection, version: str) -> None:
    """Those that are looked for, with the arguments that decide what can be offered."""
    since: dict[str, list[tuple[str, str]]] = {
        "compress_chunk": [("uncompressed_chunk", "2.11"), ("recompress", "2.14")],
        "add_retention_policy": [("relation", "2.11")],
        "drop_chunks": [("relation", "2.11")],
    }
    for name, arguments in since.items():
        if reaches(version, f"{arguments[0][1]}.0"):
            listed = ", ".join(f"{arg} int" for arg, first in arguments if reaches(version, f"{first}.0"))
            connection.execute(f"create function public.{name}({listed}) returns int return 0".encode())
    if reaches(version, "2.12.0"):
        connection.execute(
            b"create function _timescaledb_functions.chunk_status(regclass) returns int"
            b" return case when $1::text like '%\\_2\\_chunk' then 9 else 1 end"
        )
