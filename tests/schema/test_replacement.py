"""005 and its rollback replace the audit tables: what others gave those stays with them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.migrate.servers import on_both
from tests.schema.ladder import AUDIT, VERSIONS, Ladder

GIVEN = """
create role emr_app;
create role emr_reporting;
create role ward_admin;
grant select, insert on audit_logs, audit_log_details to emr_app;
grant select on audit_logs to emr_reporting with grant option;
grant insert (id), select (new_state) on audit_log_details to emr_reporting, public;
grant select on emr_verification_report to emr_reporting;
revoke update on audit_logs from postgres;
grant create on schema public to ward_admin;
alter table audit_logs owner to ward_admin;
alter materialized view compliance_audit_summary owner to ward_admin;
comment on table audit_logs is 'The ward''s own words';
comment on column audit_logs.ip_address is 'Given by the gateway';
comment on materialized view emr_verification_report is 'Read by the board';
alter table audit_logs set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 95);
alter table audit_logs add column ward_note text default 'none';
create function notice_event() returns trigger language plpgsql as 'begin return new; end';
create trigger notice after insert on audit_logs for each row
    when (new.action = 'EXPORT') execute function notice_event();
alter table audit_logs enable always trigger notice;
create trigger sleeping before insert on audit_log_details for each row execute function notice_event();
alter table audit_log_details disable trigger sleeping;
create publication everything_audited for table audit_logs, audit_log_details;
create publication exports_only for table audit_logs (id, action, created_at) where (action = 'EXPORT')
    with (publish = 'insert', publish_via_partition_root = true);
create policy own on audit_logs for select to emr_app, emr_reporting
    using (exists (select from users as u where u.id = audit_logs.user_id and u.id = current_user_id()));
create policy no_tests on audit_logs as restrictive using (action <> 'TEST') with check (user_agent <> 'a.b');
create policy of_its_event on audit_log_details for select
    using (exists (select from audit_logs where audit_logs.id = audit_log_id and action <> 'o''clock audit_logs_old'));
create policy with_details on audit_logs for select to emr_reporting
    using (user_agent <> 'audit_logs_old' and id in (select d.audit_log_id from audit_log_details as d));
alter table audit_logs enable row level security;
alter table audit_log_details force row level security, replica identity full;
alter table audit_logs alter column user_id set statistics 1000, alter column action set (n_distinct_inherited = 18);
create statistics by_patient (dependencies) on emr_system, emr_patient_id from audit_logs;
create statistics of_hours on date_trunc('hour', created_at at time zone 'UTC'), entity_type from audit_logs;
alter statistics by_patient set statistics 500;
alter statistics of_hours owner to ward_admin;
comment on statistics by_patient is 'For the pharmacy''s searches';
comment on index audit_logs_user_id_index is 'Asked for by the auditors';
comment on index audit_logs_pkey is 'Its index';
comment on constraint audit_logs_pkey on audit_logs is 'Its constraint';
comment on constraint audit_logs_action_check on audit_logs is 'Its actions';
comment on index idx_compliance_audit_summary is 'For the refresh';
comment on trigger notice on audit_logs is 'Until the new gateway';
comment on policy no_tests on audit_logs is 'Tests are nobody''s business';
"""


@pytest.fixture
def given(first_four: Ladder) -> Ladder:
    """The schema up to 004 with rows, and with what the people of the place added to it."""
    first_four.fill(*VERSIONS[:-1])
    first_four.run(GIVEN)
    return first_four


def about(ladder: Ladder, *names: str) -> list[str]:
    """The facts about some relations that a replacement must not change."""
    kinds = ("column", "constraint", "trigger", "publication", "policy", "statistics")
    return [
        fact for fact in ladder.fingerprint() if fact.split(" | ")[0] in kinds and {*names} & {*fact.split(" | ")[1:3]}
    ]


def described(ladder: Ladder) -> list[tuple[object, ...]]:
    """What is said of indexes."""
    return ladder.rows(
        "select c.relname, d.description from pg_description as d join pg_class as c on c.oid = d.objoid"
        " where d.classoid = 'pg_class'::regclass and c.relkind in ('i', 'I') order by 1"
    )


def rights(ladder: Ladder) -> list[tuple[object, ...]]:
    """Who owns the tables and reports and may do what, which rows he sees, and how a row is known to a subscriber."""
    policies = ladder.rows("select * from pg_policies where tablename ~ '^audit_log' order by tablename, policyname")
    return policies + ladder.rows(
        "select relname, relowner::regrole, obj_description(oid, 'pg_class'), relrowsecurity, relforcerowsecurity,"
        " relreplident, array(select x::text from"
        " unnest(coalesce(relacl, acldefault('r', relowner))) as x order by 1) from pg_class where relname in"
        " ('audit_logs', 'audit_log_details', 'emr_verification_report', 'compliance_audit_summary') order by 1"
    )


@on_both
def test_up_down_up_keeps_what_others_gave(given: Ladder) -> None:
    schema, facts, held, rows = given.fingerprint(), about(given, *AUDIT), rights(given), given.content(*AUDIT)
    said = described(given)
    assert len(said) == 3
    given.up("005")
    assert about(given, *AUDIT) == facts
    assert (rights(given), described(given)) == (held, said)
    given.down("005")
    assert given.fingerprint() == schema
    given.up("005")
    assert (rights(given), described(given)) == (held, said)
    assert given.content(*AUDIT) == rows


def test_partitions_follow_their_table(given: Ladder) -> None:
    given.up("005")
    soon = datetime.now(UTC) + timedelta(weeks=20)
    assert given.value(f"select audit_ensure_partitions(now(), '{soon}')") > 0
    pieces = given.rows(
        "select distinct p.relowner::regrole::text, p.reloptions::text, p.relacl::text, p.relreplident::text"
        " from pg_inherits as i join pg_class as p on p.oid = i.inhrelid where i.inhparent = 'audit_logs'::regclass"
    )
    assert pieces == [("ward_admin", "{autovacuum_vacuum_scale_factor=0.05,fillfactor=95}", None, "d")]
    pieces = given.rows(
        "select distinct a.attstattarget from pg_inherits as i join pg_attribute as a on a.attrelid = i.inhrelid"
        " where i.inhparent = 'audit_logs'::regclass and a.attname = 'user_id'"
    )
    assert pieces == [(1000,)]
    pieces = given.rows(
        "select distinct p.relreplident::text from pg_inherits as i join pg_class as p on p.oid = i.inhrelid"
        " where i.inhparent = 'audit_log_details'::regclass"
    )
    assert pieces == [("f",)]


def test_a_row_known_by_another_index_stops_the_replacement(first_four: Ladder) -> None:
    first_four.run("create unique index ours on audit_logs (created_at, id)")
    first_four.run("alter table audit_logs replica identity using index ours")
    with pytest.raises(psycopg.DatabaseError, match="known to subscribers by an index of its own") as said:
        first_four.up("005")
    assert said.value.sqlstate == "EM001"
    first_four.run("alter table audit_logs replica identity using index audit_logs_pkey")
    first_four.up("005")


@on_both
def test_a_publication_that_names_partitions_is_told(first_four: Ladder) -> None:
    """A subscriber has no partitions; of one that filters, the server refuses it without saying what to do."""
    first_four.run("create publication filtered for table audit_logs where (action = 'EXPORT')")
    with pytest.raises(psycopg.DatabaseError, match="publication filtered sends only some columns or rows") as caught:
        first_four.up("005")
    assert caught.value.sqlstate == "EM001"
    assert caught.value.diag.message_hint is not None
    assert "ALTER PUBLICATION filtered SET (publish_via_partition_root = true)" in caught.value.diag.message_hint
    first_four.run("alter publication filtered set (publish_via_partition_root = true)")
    first_four.run('create publication "All of it" for all tables')
    said: list[tuple[str | None, str | None]] = []
    first_four.connection.add_notice_handler(lambda notice: said.append((notice.sqlstate, notice.message_primary)))
    first_four.up("005")
    stops = (
        'a subscriber without such tables stops: ALTER PUBLICATION "All of it" SET (publish_via_partition_root = true)'
    )
    for (sqlstate, told), table in zip(said, AUDIT, strict=True):
        assert sqlstate == "EM002"
        assert told is not None
        assert told.startswith(f'publication "All of it" sends rows of {table} under the names of their partitions')
        assert told.endswith(stops)


def test_default_privileges_do_not_reach_audit_rows(ladder: Ladder) -> None:
    """Nor does what was granted by hand before 005: no right to change rows, and none to hang a trigger on them."""
    ladder.run("create role emr_app")
    ladder.run("alter default privileges in schema public grant all on tables to emr_app")
    held = (
        "select distinct x.privilege_type from pg_class as c, aclexplode(c.relacl) as x where"
        " x.grantee = 'emr_app'::regrole and c.relname in ('audit_logs', 'audit_log_details') order by 1"
    )
    for version in VERSIONS:
        ladder.up(version)
        if version != "001":
            assert ladder.rows(held) == [("INSERT",), ("SELECT",)]
    assert ladder.value("select count(*) from pg_class where relispartition and relacl::text ~ 'emr_app'") == 0
    ladder.run("grant trigger on audit_logs to emr_app")
    assert [name for name, *_ in ladder.broken("002")] == [
        "only the owner has more than SELECT and INSERT on audit_logs"
    ]
    ladder.down("005")
    assert ladder.broken("002") == []


def test_a_strangers_trigger_stops_the_replacement(first_four: Ladder) -> None:
    """Whoever owns its function runs what he likes as whoever writes an audit row, and may swallow the row."""
    first_four.run("create role ward_admin; grant create on schema public to ward_admin")
    swallow = "create function swallow() returns trigger language plpgsql as 'begin return null; end'"
    first_four.run(f"{swallow}; alter function swallow() owner to ward_admin")
    first_four.run("create trigger quiet before insert on audit_logs for each row execute function swallow()")
    with pytest.raises(
        psycopg.DatabaseError, match="trigger quiet on audit_logs runs a function of ward_admin"
    ) as said:
        first_four.up("005")
    assert said.value.sqlstate == "EM001"
    first_four.run("alter function swallow() owner to current_user")
    first_four.up("005")


def test_a_foreign_view_stops_the_replacement_by_name(first_four: Ladder) -> None:
    first_four.run("create view exports as select * from audit_logs where action = 'EXPORT'")
    before = first_four.fingerprint()
    with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="audit_logs_old"):
        first_four.up("005")
    assert first_four.fingerprint() == before


def test_lost_rows_are_noticed(first_four: Ladder) -> None:
    first_four.fill("002")
    first_four.run("create table audit_logs_new (like audit_logs including all)")
    first_four.run("insert into audit_logs_new select * from audit_logs limit 499")
    with pytest.raises(psycopg.DatabaseError, match="audit_logs has 500 rows and audit_logs_new has 499"):
        first_four.run("select audit_carry_over('audit_logs', 'audit_logs_new')")


def test_an_older_snapshot_is_refused(climbed: Ladder) -> None:
    """Under repeatable read the rows that were committed while the lock was waited for would be lost unseen."""

    def refused(step: Callable[[str], None], version: str) -> None:
        climbed.run("set default_transaction_isolation = 'repeatable read'")
        with pytest.raises(psycopg.DatabaseError, match="only a read committed transaction") as said:
            step(version)
        assert said.value.sqlstate == "EM001"
        climbed.run("reset default_transaction_isolation")

    climbed.up("006")
    refused(climbed.up, "007")
    climbed.down("006")
    refused(climbed.down, "005")
    climbed.down("005")
    refused(climbed.up, "005")
    climbed.down("004", "003")
    refused(climbed.down, "002")


@on_both
def test_rows_that_are_hidden_from_the_owner_are_not_lost(ladder: Ladder) -> None:
    """A policy that is forced on the owner hides rows from whoever moves them: rather an error than an empty table.

    And what a rollback kept does not come back into a table where everybody sees it.
    """
    database = ladder.value("select current_database()")
    ladder.run(f"create role ward_admin; alter database {database} owner to ward_admin")
    ladder.run("set role ward_admin")
    ladder.up(*VERSIONS[:-1])
    ladder.fill("001", "002")
    rows = ladder.content(*AUDIT)

    def refused(step: Callable[[str], None], version: str, *tables: str, said: tuple[str, str]) -> None:
        for table in tables:
            ladder.run(f"alter table {table} enable row level security, force row level security")
        with pytest.raises(psycopg.DatabaseError, match=said[0]) as caught:
            step(version)
        assert said[1] in (caught.value.diag.message_hint or "")
        for table in tables:
            ladder.run(f"alter table {table} no force row level security, disable row level security")
        step(version)

    hidden = (r'row-level security policy for table "audit_log(s|_details)"', "NO FORCE ROW LEVEL SECURITY")
    refused(ladder.up, "005", *AUDIT, said=hidden)
    assert ladder.content(*AUDIT) == rows
    refused(ladder.down, "005", *AUDIT, said=hidden)
    ladder.down("004", "003")
    refused(ladder.down, "002", *AUDIT, said=hidden)
    refused(ladder.up, "002", *ladder.backups(), said=("has row security", "DISABLE ROW LEVEL SECURITY"))
    assert ladder.content(*AUDIT) == rows
