"""Hypertables by week, by number and side by side, and aggregates on aggregates, in a schema with an odd name."""

BEDS = '"odd schema"."Beds ""x"" t"'

WARD = f"""
create schema "odd schema";
create table {BEDS} (at timestamptz not null, ward int, load float8);
select create_hypertable('{BEDS}', 'at', chunk_time_interval => interval '7 days');
insert into {BEDS} select t, extract(hour from t)::int % 3, 1.5
    from generate_series(date_bin('7 days', now(), '1970-01-01Z') - interval '24 weeks', now(), interval '1 hour') t;
alter table {BEDS} set (timescaledb.compress, timescaledb.compress_segmentby = 'ward',
    timescaledb.compress_orderby = 'at desc');
select compress_chunk(c) from show_chunks('{BEDS}', older_than => interval '8 weeks') c;
insert into {BEDS} values (now() - interval '12 weeks', 1, 2);
select add_compression_policy('{BEDS}', interval '90 days');
select add_retention_policy('{BEDS}', interval '20 weeks');
create materialized view "odd schema"."hourly v" with (timescaledb.continuous) as
    select time_bucket('1 hour', at) as hour, ward, count(*) as n from {BEDS} group by 1, 2 with no data;
create materialized view daily with (timescaledb.continuous, timescaledb.materialized_only = false) as
    select time_bucket('1 day', hour) as day, sum(n) as n from "odd schema"."hourly v" group by 1 with no data;
select add_continuous_aggregate_policy('"odd schema"."hourly v"', start_offset => interval '60 weeks',
    end_offset => interval '1 hour', schedule_interval => interval '1 hour');
select add_continuous_aggregate_policy('daily', start_offset => interval '30 days', end_offset => interval '1 day',
    schedule_interval => interval '1 day');
call refresh_continuous_aggregate('"odd schema"."hourly v"', now() - interval '8 weeks', now() - interval '1 hour');
call refresh_continuous_aggregate('daily', now() - interval '8 weeks', now() - interval '1 day');
insert into {BEDS} values (now() - interval '6 weeks', 1, 2);
call refresh_continuous_aggregate('"odd schema"."hourly v"', now() - interval '8 weeks', now() - interval '1 hour');
create table numbered (id bigint not null, v text);
select create_hypertable('numbered', 'id', chunk_time_interval => 1000);
insert into numbered select g, 'x' from generate_series(1, 9500) g;
create function newest() returns bigint language sql stable as 'select 9000::bigint';
select set_integer_now_func('numbered', 'newest');
select add_retention_policy('numbered', 5000::bigint);
create table spaced (at timestamptz not null, device int not null);
select create_hypertable('spaced', 'at', 'device', 4, chunk_time_interval => interval '1 day');
insert into spaced select t, d from generate_series(now() - interval '3 days', now(), interval '6 hours') t,
    generate_series(1, 20) d;
insert into audit_logs (user_id, action, entity_type, entity_id, changes, request_id, created_at)
    select gen_random_uuid(), 'LOGIN', 'USER', gen_random_uuid(), '{{}}', gen_random_uuid(), t
      from generate_series(now() - interval '12 weeks', now(), interval '1 day') t;
select compress_chunk(c) from show_chunks('audit_logs', older_than => interval '8 weeks') c;
analyze;
"""
