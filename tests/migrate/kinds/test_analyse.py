"""What an analysis says beyond kind, objects and locks: work, blocks, calls, and what it cannot tell."""

import pytest

from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.models import Analysis, Lock
from console.sql.lexer import split


def analysed(text: str) -> Analysis:
    [statement] = split(text)
    return analyse(statement)


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("alter table t add column n int", "nothing"),
        ("alter table t add column n uuid default gen_random_uuid()", "rewrite"),
        ("alter table t add column n timestamptz default now() at time zone 'UTC'", "nothing"),
        ("alter table t add column n int default ours()", "unknown"),
        ("alter table t add column n numeric(4, 2) default 1::numeric(4, 2)", "nothing"),
        ("alter table t alter column a type int", "rewrite"),
        ("alter table t alter column a type text", "unknown"),
        ("alter table t alter column a type text using a::text", "rewrite"),
        ("alter table t alter column a set not null", "scan"),
        ("alter table t add constraint c check (a > 0)", "scan"),
        ("alter table t add constraint c check (a > 0) not valid", "nothing"),
        ("alter table t validate constraint c", "scan"),
        ("create index i on t (a)", "scan"),
        ("create table n as select * from t", "copy"),
        ("insert into n select * from t", "copy"),
        ("insert into n values (1)", "nothing"),
        ("create materialized view n as select * from t with no data", "nothing"),
        ("vacuum full t", "rewrite"),
        ("select create_hypertable('t', 'at', migrate_data => true)", "copy"),
        ("select create_hypertable('t', 'at')", "nothing"),
    ],
)
def test_work(text: str, work: str) -> None:
    found = analysed(text).actions[0]
    assert found.work == work
    assert (found.why == "") is (work == "nothing")


@pytest.mark.parametrize(
    ("text", "kind", "things"),
    [
        ("select add_retention_policy('t', interval '7 years')", "SELECT add_retention_policy", "job retention of t"),
        (
            "select remove_compression_policy('public.t')",
            "SELECT remove_compression_policy",
            "job compression of public.t",
        ),
        ("select cron.schedule('nightly', '0 3 * * *', 'select 1')", "SELECT cron.schedule", "job nightly"),
        ("call add_columnstore_policy('t', after => '9 days')", "CALL add_columnstore_policy", "job compression of t"),
    ],
)
def test_jobs(text: str, kind: str, things: str) -> None:
    found = analysed(text)
    assert found.kind == kind
    assert [thing.label() for thing in (*found.creates, *found.drops)] == [things]
    assert found.opaque is None


@pytest.mark.parametrize(
    ("text", "transactional"),
    [
        ("call refresh_continuous_aggregate('h', null, null)", False),
        ("create materialized view h with (timescaledb.continuous) as select 1 from t", False),
        ("create materialized view h with (timescaledb.continuous) as select 1 from t with no data", True),
        ("create index i on t (a) with (timescaledb.transaction_per_chunk)", False),
        ("alter type mood add value 'x'", True),
    ],
)
def test_what_refuses_a_transaction(text: str, transactional: bool) -> None:
    assert analysed(text).transactional is transactional


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("do $$ begin null; end $$", "DO block"),
        ("select ours()", "ours"),
        ("select count(*), ours(a) + 1 from t", "ours"),
        ("insert into t (a) select x.ours(b) from u", "x.ours"),
        ("call ours(1)", "ours"),
        ("execute prepared(1)", "EXECUTE"),
        ("create operator @@@ (leftarg = int, function = f)", "not analysed"),
        ("import foreign schema a from server b into c", "not analysed"),
    ],
)
def test_what_cannot_be_told(text: str, word: str) -> None:
    assert word in (analysed(text).opaque or "")


@pytest.mark.parametrize(
    "text",
    [
        "select count(*), lower('X')::varchar(5) from t where a in (select 1)",
        "select set_config('a', 'b', true)",
        "insert into t (a, b) values (1, now())",
        "with q as (select 1) update t set a = coalesce(b, 1)",
        "create view v as select ours()",
        "select create_hypertable('t', by_range('at'))",
    ],
)
def test_what_can_be_told(text: str) -> None:
    assert analysed(text).opaque is None


def test_a_block() -> None:
    found = analysed(
        """
        DO LANGUAGE plpgsql $body$
        DECLARE
            created text := 'CREATE TABLE nothing (id int)';
        BEGIN
            -- DROP TABLE nothing;
            IF EXISTS (SELECT FROM pg_roles) THEN ALTER TABLE a OWNER TO b;
            ELSE
                DROP TABLE c;
            END IF;
            FOR i IN 1 .. 2 LOOP
                PERFORM add_job('f', '1h');
                EXECUTE created;
            END LOOP;
        EXCEPTION WHEN others THEN INSERT INTO d VALUES (1);
        END
        $body$
        """
    )
    assert [(each.line, each.kind) for each in found.flat()] == [
        (2, "DO"),
        (7, "ALTER TABLE OWNER TO"),
        (9, "DROP TABLE"),
        (12, "SELECT add_job"),
        (15, "INSERT"),
    ]


def test_a_quoted_block() -> None:
    assert [each.kind for each in analysed("do 'begin insert into t values (''x''); end'").flat()] == ["DO", "INSERT"]
    assert list(analysed("do $$ begin select 'never closed; end $$").inside) == []


def test_several_actions() -> None:
    found = analysed('alter table "T" add column a int, add column b int, drop column c, validate constraint d')
    assert found.kind == "ALTER TABLE ADD COLUMN, DROP COLUMN, VALIDATE CONSTRAINT"
    assert found.locks == (Lock('"T"', "ACCESS EXCLUSIVE"),)
    assert [thing.label() for thing in found.creates] == ['column a of "T"', 'column b of "T"']
