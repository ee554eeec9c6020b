"""005 and its rollback copy rows and carry over what others gave the tables, whoever made that."""

import psycopg
import pytest

from tests.migrate.servers import on_both
from tests.schema.ladder import AUDIT, VERSIONS, Ladder

GIVEN = """
alter table audit_logs add column number bigserial, add column place bigint generated always as identity,
    add constraint no_views check (action <> 'VIEW') not valid;
comment on constraint no_views on audit_logs is 'From now on';
create schema archive;
create table archive.audit_logs_old (id int primary key);
create publication two for table audit_logs, archive.audit_logs_old with (publish_via_partition_root = true);
"""


@pytest.fixture
def told(first_four: Ladder) -> list[str]:
    """What 005 and its rollback warn of."""
    said: list[str] = []
    first_four.connection.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
    return said


@on_both
def test_what_would_stop_the_copying_comes_after_the_rows(first_four: Ladder) -> None:
    first_four.fill(*VERSIONS[:-1])
    first_four.run(GIVEN)
    schema, rows = first_four.fingerprint(), first_four.content(*AUDIT)
    first_four.up("005")
    assert first_four.content(*AUDIT) == rows
    first_four.down("005")
    assert (first_four.fingerprint(), first_four.content(*AUDIT)) == (schema, rows)
    assert first_four.value(
        "select nextval(pg_get_serial_sequence('audit_logs', 'place')) > max(place) from audit_logs"
    )


def test_a_generated_column_is_refused_with_what_to_do(first_four: Ladder) -> None:
    first_four.run("alter table audit_logs add column loud text generated always as (upper(action)) stored")
    with pytest.raises(psycopg.DatabaseError, match="column loud of audit_logs is generated") as caught:
        first_four.up("005")
    assert "ALTER TABLE audit_logs DROP COLUMN loud" in str(caught.value.diag.message_hint)
    first_four.run("alter table audit_logs drop column loud")
    first_four.up("005")


def test_a_foreign_key_that_goes_is_told(first_four: Ladder, told: list[str]) -> None:
    first_four.run("alter table audit_logs add column by_whom uuid constraint known references users (id)")
    first_four.up("005")
    (text,) = told
    assert text.startswith(
        "foreign key known of audit_logs is gone: ALTER TABLE audit_logs ADD CONSTRAINT known FOREIGN"
    )


def test_statistics_of_somebody_else_stop_nobody(first_four: Ladder, told: list[str]) -> None:
    database = first_four.value("select current_database()")
    first_four.run(f"create role ward_admin; alter database {database} owner to ward_admin; create schema tuning")
    first_four.run("create statistics public.ours on action, user_id from audit_logs")
    first_four.run("create statistics tuning.theirs on action, entity_id from audit_logs")
    for kind, name in first_four.rows(
        "select case relkind when 'm' then 'materialized view' else 'table' end, relname from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'm')"
    ):
        first_four.run(f"alter {kind} {name} owner to ward_admin")
    first_four.run("set role ward_admin")
    first_four.up("005")
    assert [text.partition(";")[0] for text in told] == [
        "statistics public.ours of audit_logs belong to ward_admin now",
        "statistics tuning.theirs of audit_logs are gone, because ward_admin may not make them",
    ]
    first_four.down("005")
    first_four.run("reset role")
    first_four.run(f"alter database {database} owner to postgres; drop owned by ward_admin cascade")
