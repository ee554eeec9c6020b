"""The mistakes of the migrations that the product's own ones replace, in short texts of the same kind."""

FILES = {
    "001_initial_schema.up.sql": """
create extension if not exists "uuid-ossp";
create type task_status as enum ('TO_DO', 'COMPLETED');
create table users (id uuid primary key default uuid_generate_v4(), username text not null);
create table departments (id uuid primary key default uuid_generate_v4(), name text not null);
create table tasks (id uuid primary key default uuid_generate_v4(), department_id uuid references departments (id));
alter table tasks enable row level security;
create policy task_access_policy on tasks
    using (department_id = (select department_id from users where id = current_user_id()));
""",
    "001_initial_schema.down.sql": """
create table audit_logs_backup as select * from audit_logs;
drop table if exists tasks cascade;
drop table if exists users cascade;
drop table if exists departments cascade;
drop table if exists audit_logs cascade;
drop type if exists task_status;
""",
    "002_add_audit_logs.up.sql": """
create table audit_logs (id uuid primary key default uuid_generate_v4(), created_at timestamptz not null, action text);
create table audit_log_details (id uuid primary key, audit_log_id uuid not null references audit_logs (id));
select cron.schedule('refresh_reports', '0 * * * *', 'select 1');
""",
    "002_add_audit_logs.down.sql": """
drop table if exists audit_log_details;
drop table if exists audit_logs;
""",
    "003_add_vector_clocks.up.sql": """
alter table tasks add column node_id text not null, add column counter bigint not null default 0;
create index idx_tasks_vector_clock on tasks (node_id, counter);
create or replace function touch_clock() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger tasks_clock before update on tasks for each row execute function touch_clock();
""",
    "003_add_vector_clocks.down.sql": """
drop trigger if exists tasks_clock on tasks;
alter table tasks drop column if exists node_id, drop column if exists counter;
""",
    "004_add_patients_table.up.sql": """
create table patients (id uuid primary key default uuid_generate_v4(), mrn text not null unique);
alter table patients enable row level security;
create policy patient_access on patients using (true);
alter table tasks add column patient_uuid uuid;
create view tasks_with_patients as
select t.*, p.mrn as patient_mrn from tasks as t left join patients as p on p.id = t.patient_uuid;
create trigger patients_audit after insert on patients for each row execute function audit_trigger_func();
""",
    "004_add_patients_table.down.sql": """
drop view if exists tasks_with_patients;
drop policy if exists patient_access on patients;
alter table patients disable row level security;
alter table tasks drop column if exists patient_uuid;
drop table if exists patients cascade;
""",
    "005_add_timescaledb.up.sql": """
create extension if not exists timescaledb cascade;
select create_hypertable('audit_logs', 'created_at', migrate_data => true);
alter table audit_logs set (timescaledb.compress, timescaledb.compress_segmentby = 'action');
select add_compression_policy('audit_logs', interval '90 days', if_not_exists => true);
select add_retention_policy('audit_logs', interval '7 years', if_not_exists => true);
create materialized view audit_logs_hourly with (timescaledb.continuous) as
select time_bucket('1 hour', created_at) as hour, action, count(*) from audit_logs group by 1, 2;
select add_continuous_aggregate_policy('audit_logs_hourly', start_offset => interval '2 hours',
    end_offset => interval '30 minutes', schedule_interval => interval '30 minutes');
""",
    "005_add_timescaledb.down.sql": """
drop materialized view if exists audit_logs_hourly cascade;
alter table audit_logs set (timescaledb.compress = false);
""",
    "006_performance_indexes.up.sql": """
create index concurrently if not exists idx_tasks_department on tasks (department_id);
create index concurrently if not exists idx_audit_logs_action on audit_logs (action);
""",
    "006_performance_indexes.down.sql": """
drop index concurrently if exists idx_tasks_department;
drop index concurrently if exists idx_audit_logs_action;
""",
    "007_reporting.up.sql": """
alter type task_status add value 'BLOCKED';
create table reports (id uuid primary key, status task_status default 'BLOCKED');
create function run_report() returns void language sql security definer as 'select 1';
create role reporting login password 'reporting';
set statement_timeout = 0;
""",
    "007_reporting.down.sql": """
drop function run_report();
drop table reports;
""",
    "008_refresh.up.sql": """
call refresh_continuous_aggregate('audit_logs_hourly', null, null);
alter table audit_logs alter column action type varchar(20);
alter table audit_logs enable row level security;
""",
    "008_refresh.down.sql": """
alter table audit_logs disable row level security;
alter extension timescaledb update;
discard all;
""",
}

GOLDEN = """
001_initial_schema.down 2 EM20
001_initial_schema.down 3 EM05
001_initial_schema.down 3 EM08
001_initial_schema.down 4 EM05
001_initial_schema.down 4 EM08
001_initial_schema.down 5 EM05
001_initial_schema.down 5 EM08
001_initial_schema.down 6 EM05
001_initial_schema.down 6 EM06
001_initial_schema.down 6 EM08
001_initial_schema.down 7 EM05
001_initial_schema.up 2 EM07
001_initial_schema.up 8 EM10
001_initial_schema.up 8 EM11
002_add_audit_logs.down 2 EM05
002_add_audit_logs.down 3 EM05
003_add_vector_clocks.down 2 EM05
003_add_vector_clocks.down 3 EM05
003_add_vector_clocks.up 4 EM07
004_add_patients_table.down 2 EM05
004_add_patients_table.down 3 EM05
004_add_patients_table.down 5 EM05
004_add_patients_table.down 6 EM05
004_add_patients_table.down 6 EM08
004_add_patients_table.up 6 EM14
004_add_patients_table.up 6 EM15
004_add_patients_table.up 8 EM10
005_add_timescaledb.down 2 EM05
005_add_timescaledb.down 2 EM08
005_add_timescaledb.down 3 TS06
005_add_timescaledb.down 3 TS06
005_add_timescaledb.up 2 EM07
005_add_timescaledb.up 3 TS01
005_add_timescaledb.up 4 TS02
005_add_timescaledb.up 5 EM07
005_add_timescaledb.up 5 TS12
005_add_timescaledb.up 6 EM07
005_add_timescaledb.up 6 TS12
005_add_timescaledb.up 7 TS03
005_add_timescaledb.up 9 TS08
006_performance_indexes.down 2 EM01
006_performance_indexes.down 2 EM05
006_performance_indexes.down 3 EM01
006_performance_indexes.down 3 EM05
006_performance_indexes.down 3 TS04
006_performance_indexes.up 2 EM01
006_performance_indexes.up 3 EM01
006_performance_indexes.up 3 TS04
007_reporting.up 2 EM13
007_reporting.up 3 EM12
007_reporting.up 4 EM17
007_reporting.up 5 EM07
007_reporting.up 5 EM18
007_reporting.up 6 EM16
008_refresh.down 2 EM09
008_refresh.down 3 TS11
008_refresh.down 4 EM19
008_refresh.up 2 TS05
008_refresh.up 3 TS09
008_refresh.up 4 TS07
"""
"""File, line and rule of every finding."""
