"""The timescale flavour of 005 on a real TimescaleDB: one database for the whole module, climbed up and down."""

from collections.abc import Iterator

import psycopg
import pytest

from console.db.session import Session
from console.services.roles import service
from tests.fixtures.timescale import Timescale
from tests.schema.ladder import AUDIT, VERSIONS, Ladder
from tests.schema.test_partitions import write
from tests.schema.test_statistics import check_functions, check_metrics

MADE = {
    "001": "tasks",
    "002": "audit_logs",
    "003": "idx_tasks_vector_clock",
    "004": "patients",
    "005": "audit_logs_hourly",
}
"""Something that each migration makes, to see whether it is applied."""
COMPRESSED = """select count(*) from timescaledb_information.chunks
    where hypertable_name = 'audit_logs' and is_compressed"""
ROLES = ("emr_app", "emr_reporting", "emr_audit_owner")


def clear(ladder: Ladder) -> None:
    """Take away what a test has left; the extension stays."""
    for version in reversed(VERSIONS):
        if ladder.value(f"select to_regclass('{MADE[version]}') is not null"):
            ladder.down(version)
    for backup in ladder.backups():
        ladder.run(f"drop table {backup}")
    ladder.run("drop function if exists prevent_audit_modification()")  # it stays with a backup's triggers
    for role in ROLES:
        if ladder.value(f"select to_regrole('{role}') is not null"):
            ladder.run(f"drop owned by {role}; drop role {role}")


@pytest.fixture(scope="module")
def connection(timescale: Timescale) -> Iterator[psycopg.Connection]:
    """The only connection: this server is one session for everybody."""
    with psycopg.connect(timescale.dsn(), autocommit=True, prepare_threshold=None) as opened:
        opened.execute("set client_min_messages = warning")
        yield opened


@pytest.fixture
def hypertables(connection: psycopg.Connection, timescale: Timescale) -> Iterator[Ladder]:
    """An empty database with the extension."""
    ladder = Ladder(connection, timescale.dsn(), "timescale")
    yield ladder
    clear(ladder)


def climb(ladder: Ladder, *versions: str) -> None:
    for version in versions:
        ladder.up(version)
        if version != "005":
            ladder.fill(version)


def compress(ladder: Ladder) -> None:
    """Compress what is older than two weeks."""
    for table in AUDIT:
        ladder.run(
            f"select compress_chunk(c) from show_chunks('{table}', older_than => now() - interval '14 days') as c"
        )
    assert ladder.value(COMPRESSED) > 2


def test_up_down_up(hypertables: Ladder) -> None:
    """First with plain chunks, then with compressed ones, and with these all the way down."""
    climb(hypertables, *VERSIONS[:-1])
    before, rows = hypertables.fingerprint(), hypertables.content(*AUDIT)
    hypertables.up("005")
    after = hypertables.fingerprint()
    for compressed in (False, True):
        if compressed:
            compress(hypertables)
        assert hypertables.content(*AUDIT) == rows
        hypertables.down("005")
        assert hypertables.fingerprint() == before
        assert hypertables.content(*AUDIT) == rows
        if compressed:
            hypertables.down(*reversed(VERSIONS[:-1]))
            assert hypertables.fingerprint() == []
            hypertables.up(*VERSIONS[:-1])
        hypertables.up("005")
        assert hypertables.fingerprint() == after
        assert hypertables.content(*AUDIT) == rows
    assert hypertables.backups() == []


GIVEN = """
comment on trigger trg_audit_logs_no_truncate on audit_logs is 'Nobody''s business';
comment on trigger trg_audit_log_details_append_only on audit_log_details is 'Nor this';
comment on index audit_logs_user_id_index is 'Asked for by the auditors';
comment on constraint audit_logs_pkey on audit_logs is 'Its constraint';
alter table audit_logs alter column user_id set statistics 1000, alter column action set (n_distinct = 18);
create statistics by_patient (dependencies) on emr_system, emr_patient_id from audit_logs;
comment on statistics by_patient is 'For searches'
"""


def test_what_others_gave_stays(hypertables: Ladder) -> None:
    climb(hypertables, *VERSIONS[:-1])
    hypertables.run(GIVEN)
    before, rows = hypertables.fingerprint(), hypertables.content(*AUDIT)
    hypertables.up("005")
    after = hypertables.fingerprint()
    said = "select count(*) from pg_description where classoid = 'pg_trigger'::regclass and description ~ '^No'"
    assert hypertables.value(said) >= 2
    compress(hypertables)
    hypertables.down("005")
    assert (hypertables.fingerprint(), hypertables.content(*AUDIT)) == (before, rows)
    hypertables.up("005")
    assert (hypertables.fingerprint(), hypertables.content(*AUDIT)) == (after, rows)


def test_empty_up_down_up_unless_it_is_refused(hypertables: Ladder) -> None:
    before = hypertables.fingerprint()
    for version in VERSIONS:
        if version == "005":
            an_older_snapshot_is_refused(hypertables)
            row_security_is_refused(hypertables)
        hypertables.up(version)
        after = hypertables.fingerprint()
        hypertables.down(version)
        assert hypertables.fingerprint() == before
        hypertables.up(version)
        assert hypertables.fingerprint() == after
        before = after


def an_older_snapshot_is_refused(ladder: Ladder) -> None:
    """It would count, and move into the chunks, without the rows that were committed while the lock was waited for."""
    ladder.run("set default_transaction_isolation = 'repeatable read'")
    try:
        with pytest.raises(psycopg.DatabaseError, match="only a read committed transaction"):
            ladder.up("005")
    finally:
        ladder.run("reset default_transaction_isolation")


def row_security_is_refused(ladder: Ladder) -> None:
    """What is compressed has none: before anything is moved, and with what to do."""
    ladder.run("alter table audit_log_details enable row level security")
    with pytest.raises(psycopg.DatabaseError, match="audit_log_details has row security") as said:
        ladder.up("005")
    assert (said.value.sqlstate, "--flavour plain" in (said.value.diag.message_hint or "")) == ("EM001", True)
    ladder.run("alter table audit_log_details disable row level security")


OWNED = """create role emr_audit_owner; create role emr_app; create role emr_reporting;
    grant usage, create on schema public to emr_audit_owner;
    grant select, insert on audit_logs, audit_log_details to emr_app;
    alter table audit_logs owner to emr_audit_owner;
    alter table audit_log_details owner to emr_audit_owner"""


def test_rights_survive_and_jobs_run_though_the_owner_cannot_sign_in(hypertables: Ladder) -> None:
    climb(hypertables, *VERSIONS[:-1])
    write(hypertables, "audit_logs", "now() - interval '100 days'")  # old enough for the job that compresses
    hypertables.run(OWNED)
    before = hypertables.fingerprint()
    # None of which goes any further.
    hypertables.run("grant trigger, update, references (changes) on audit_logs to emr_app with grant option")
    hypertables.run("set role emr_app; grant update, references (changes) on audit_logs to emr_reporting; reset role")
    hypertables.up("005")
    after = hypertables.fingerprint()
    jobs = "select job_id from timescaledb_information.jobs where hypertable_name = 'audit_logs'"
    for (job,) in hypertables.rows(f"{jobs} order by 1"):
        hypertables.run(f"call run_job({job})")
    assert hypertables.value(COMPRESSED) == 1
    append_only_on_table_and_chunk(hypertables)
    hypertables.down("005")
    assert hypertables.fingerprint() == before
    hypertables.up("005")
    assert hypertables.fingerprint() == after


def append_only_on_table_and_chunk(ladder: Ladder) -> None:
    """Neither the services nor the superuser change a row, whichever name they reach it by."""
    chunks = "select format('%I.%I', chunk_schema, chunk_name) from timescaledb_information.chunks"
    compressed, loose = (
        ladder.value(f"{chunks} where hypertable_name = 'audit_logs' and is_compressed = {state} limit 1")
        for state in ("true", "false")
    )
    held = "select distinct x.privilege_type from pg_class as c, aclexplode(c.relacl) as x where x.grantee = "
    in_place = "and c.oid = '{}'::regclass order by 1"
    for place in ("audit_logs", compressed, loose):
        assert ladder.rows(f"{held} 'emr_app'::regrole {in_place.format(place)}") == [("INSERT",), ("SELECT",)]
        for role in ("emr_app", "emr_reporting"):
            assert not ladder.value(f"select has_any_column_privilege('{role}', '{place}', 'update, references')")
        for statement in (f"update {place} set id = id", f"delete from {place}", f"truncate {place}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), ladder.acting("emr_app"):
                ladder.run(statement)
    for statement in ("delete from audit_logs", f"delete from {loose}", "truncate audit_logs, audit_log_details"):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"):
            ladder.run(statement)


async def test_statistics_and_roles(hypertables: Ladder, timescale: Timescale) -> None:
    """The live aggregates show rows that nothing has refreshed; a refresh survives what is no number; a plan of roles
    gives hypertables to their owner."""
    climb(hypertables, *VERSIONS)
    hypertables.run("analyze")
    check_functions(hypertables)
    check_metrics(hypertables)
    compress(hypertables)
    for aggregate in ("audit_logs_hourly", "audit_logs_daily", "emr_verification_metrics"):
        hypertables.run(f"call refresh_continuous_aggregate('{aggregate}', null, now() - interval '1 day')")
    check_metrics(hypertables)
    hourly = "select sum(event_count) from audit_logs_hourly"
    assert hypertables.value(hourly) == hypertables.value("select count(*) from audit_logs")

    async with await Session.open(timescale.target(), "test") as session:
        for change in await service.plan(session):
            if "ON DATABASE" not in change.statement:  # this server fails there, on the database it is connected to
                await session.execute(change.statement)
        assert {"ON DATABASE" in change.statement for change in await service.plan(session)} == {True}
    owners = "select distinct owner::text from timescaledb_information.hypertables where hypertable_schema = 'public'"
    assert hypertables.rows(owners) == [("emr_audit_owner",)]
    assert hypertables.broken("005") == []
