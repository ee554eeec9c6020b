"""Health of real servers: each check sees what was done to the database, and its figures are those of other queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from console.config.health import Health
from console.db.database import LANES, Database
from console.db.pipeline import Answers, Request
from console.db.session import Session
from console.services.audit.sealing import service as sealing
from console.services.health import service
from console.services.health.models import Finding, Level, Tier
from tests.migrate.servers import on_both
from tests.panes.connected import connections, waiting
from tests.services.health.asking import findings
from tests.targets import target

ROW = (
    "insert into audit_logs (action, entity_type, entity_id, user_id, changes, request_id, created_at)"
    " select 'VIEW', 'PATIENT', gen_random_uuid(), gen_random_uuid(), '{}', gen_random_uuid(), %s"
)

SWALLOWED = """
create function swallow() returns trigger language plpgsql as 'begin return null; end';
grant create on schema public to pg_monitor;
alter function swallow() owner to pg_monitor;
create trigger quiet before insert on audit_logs for each row execute function swallow();
"""

VERIFIED = (
    "insert into emr_console.event (kind, operator, detail)"
    " values ('audit.verify', 'ana', jsonb_build_object('outcome', %s::text))"
)
"""That somebody has hashed sealed days again."""


@contextmanager
def hands(dsn: str) -> Iterator[psycopg.Connection]:
    """Somebody who does things to the database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set client_min_messages = warning")
        yield connection


def levels(found: dict[str, Finding], *names: str) -> dict[str, str]:
    return {name: found[name].level.value for name in names}


@on_both
async def test_a_new_database_is_well(migrated: str) -> None:
    """Nothing bad, apart from what is true of every test server."""
    found = await findings(target(migrated))
    bad = {name for name, finding in found.items() if finding.level in (Level.CRIT, Level.WARN)}
    # These servers run without fsync, other tests make databases there all the time (which wants a checkpoint), and
    # their audit rows belong to who made the database.
    assert bad <= {"D11", "H20", "D14", "D06", "D08"}
    assert "fsync" in found["D11"].verdict.evidence
    assert found["D19"].verdict.evidence == "migrations 5 of 5 applied, 2 manual pending"
    assert found["D17"].verdict.value == pytest.approx(8.5, abs=0.6)
    assert found["D20"].level is Level.UNKNOWN
    assert not {"H01", "H02", "H06", "H09"} & found.keys(), "what needs TimescaleDB is not there"


async def test_sessions_that_block_and_sleep(database: str) -> None:
    async with connections(database, "holder", "first", "second") as (holder, first, second):
        pid = holder.info.backend_pid
        await holder.execute("create table t ()")
        await holder.execute("begin")
        await holder.execute("lock table t in access exclusive mode")
        async with waiting(first), waiting(second), Database(target(database)) as db:
            found = await until_blocked(db, 2)
    verdict = found["D02"].verdict
    assert re.fullmatch(rf"pid {pid} idle in transaction \d+ s blocks 2 sessions \(holder\)", verdict.evidence)
    assert f"pid = {pid} and backend_start = '" in verdict.remedy
    assert found["D02"].level is found["D03"].level is found["D04"].level is Level.WARN


async def until_blocked(db: Database, sessions: int) -> dict[str, Finding]:
    """The cheap checks as soon as so many sessions wait for one, under thresholds that let nobody wait."""
    while True:
        found = await asked(db, blocked_warn=0.0, idle_in_transaction_warn=0.0, transaction_warn=0.0)
        if f"blocks {sessions} session" in found["D02"].verdict.evidence:
            return found


async def asked(db: Database, **limits: float) -> dict[str, Finding]:
    """The cheap checks alone."""
    facts, thresholds = service.Facts(), Health(**limits)
    await service.ask(db, facts, [Tier.A], thresholds)
    return {finding.id: finding for finding in service.judge(facts, await db.server(), thresholds)}


async def test_the_remedy_of_a_blocker_ends_that_session_and_no_other(pg18_database: str) -> None:
    holder = await psycopg.AsyncConnection.connect(pg18_database, autocommit=True)
    for statement in ("create table t ()", "begin", "lock table t in access exclusive mode"):
        await holder.execute(statement)
    async with (
        connections(pg18_database, "first") as (first,),
        waiting(first),
        Database(target(pg18_database)) as db,
    ):
        remedy = (await until_blocked(db, 1))["D02"].verdict.remedy
        with hands(pg18_database) as connection:
            assert connection.execute(remedy.replace("'20", "'19")).fetchall() == []
            assert connection.execute(remedy).fetchall() == [(True,)]
    with pytest.raises(psycopg.errors.AdminShutdown):
        await holder.execute("commit")
    await holder.close()


async def test_tables_indexes_and_sequences(pg18_database: str) -> None:
    with hands(pg18_database) as connection:
        connection.execute("create table twice (n integer); insert into twice values (1), (1)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("create unique index concurrently broken on twice (n)")
        connection.execute("create sequence short maxvalue 100; select setval('short', 91)")
        connection.execute("create table dead (n integer) with (autovacuum_enabled = off)")
        connection.execute("insert into dead select generate_series(1, 1000); delete from dead where n <= 800")
        connection.execute("create index unused on dead (n); analyze dead")
        connection.execute("select pg_stat_force_next_flush()")
        found = await findings(target(pg18_database), unused_index=1)
        assert levels(found, "H18", "D16", "D14", "D15") == {"H18": "crit", "D16": "crit", "D14": "crit", "D15": "ok"}
        assert found["H18"].verdict.remedy == "reindex index concurrently public.broken;"
        assert re.fullmatch(r"public.dead: \d\d % dead rows \(800\), not vacuumed", found["D14"].verdict.evidence)
        assert "public.unused" in found["D15"].verdict.evidence
        connection.execute(["drop table twice", "drop sequence short", "vacuum (analyze) dead"][0])
        connection.execute("drop sequence short")
        connection.execute(found["D14"].verdict.remedy)
        connection.execute("select pg_stat_force_next_flush()")
    after = await findings(target(pg18_database))
    assert levels(after, "H18", "D16", "D14") == dict.fromkeys(("H18", "D16", "D14"), "ok")


async def test_audit_rows_that_could_be_changed(migrated: str) -> None:
    with hands(migrated) as connection:
        (partition,) = connection.execute(
            "select 'audit_logs_p' || to_char(date_bin('168 h', now(), '1970-01-01'), 'YYYYMMDD')"
        ).fetchone() or ("",)
        connection.execute(f"alter table {partition} disable trigger all")
        connection.execute(
            "grant update (changes), trigger on audit_logs to pg_monitor; grant truncate on audit_log_details to public"
        )
        found = await findings(target(migrated))
        assert levels(found, "H20", "H19") == {"H20": "crit", "H19": "crit"}
        assert f"public.{partition}" in found["H20"].verdict.evidence
        assert set(found["H19"].verdict.remedy.split("\n")) == {
            'revoke TRIGGER, UPDATE on public.audit_logs from "pg_monitor";',
            "revoke TRUNCATE on public.audit_log_details from public;",
        }
        for name in ("H20", "H19"):
            connection.execute(found[name].verdict.remedy)
        connection.execute(SWALLOWED)
        foreign = (await findings(target(migrated)))["H19"]
        assert foreign.level is Level.CRIT
        assert foreign.verdict.evidence == "trigger quiet on public.audit_logs runs a function of pg_monitor"
        connection.execute(foreign.verdict.remedy)
        connection.execute(f"grant select on {partition} to pg_monitor")
        beside = (await findings(target(migrated)))["H19"]
        assert beside.level is Level.WARN
        assert beside.verdict.evidence == f"pg_monitor has SELECT on public.{partition}, past its table"
        connection.execute(beside.verdict.remedy)
    after = await findings(target(migrated))
    assert after["H19"].level is Level.OK
    assert after["H20"].level is not Level.CRIT


async def test_days_without_a_seal_and_seals_that_were_cut_off(pg18_migrated: str) -> None:
    assert (await findings(target(pg18_migrated)))["H21"].level is Level.OK
    with hands(pg18_migrated) as connection:
        connection.execute(ROW, [datetime.now(UTC) - timedelta(days=9)])
        late = (await findings(target(pg18_migrated)))["H21"]
        assert (late.level, late.verdict.value) == (Level.WARN, 7)
        async with await Session.open(
            target(pg18_migrated), "act", settings=LANES["act"] | sealing.SETTINGS
        ) as session:
            await sealing.seal(session)
        assert (await findings(target(pg18_migrated)))["H21"].level is Level.OK
        for outcome, level in (("broken", Level.CRIT), ("intact", Level.OK)):
            connection.execute(VERIFIED, [outcome])
            assert (await findings(target(pg18_migrated)))["H21"].level is level
        connection.execute("alter table emr_console.seal disable trigger all")
        connection.execute("delete from emr_console.seal where number > 3")
        assert (await findings(target(pg18_migrated)))["H21"].level is Level.CRIT


async def test_partitions_that_are_missing_and_rows_without_one(pg18_migrated: str) -> None:
    with hands(pg18_migrated) as connection:
        for days in (200, 230):
            connection.execute(ROW, [datetime.now(UTC) + timedelta(days=days)])
        for (name,) in connection.execute(
            "select c.oid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhrelid"
            " where i.inhparent = 'audit_logs'::regclass and c.relname > 'audit_logs_p' || to_char(now(), 'YYYYMMDD')"
            " and c.relname like '%\\_p2%'"
        ).fetchall():
            connection.execute(f"drop table {name}")
        connection.execute("select pg_stat_force_next_flush()")
        connection.execute("analyze audit_logs")
        found = await findings(target(pg18_migrated))
        assert levels(found, "D17", "D18") == {"D17": "crit", "D18": "warn"}
        rows = connection.execute("select count(*) from audit_logs_default").fetchone()
        assert (found["D18"].verdict.value,) == rows == (2,)
        connection.execute(found["D17"].verdict.remedy)
        connection.execute("select pg_stat_force_next_flush()")
    after = await findings(target(pg18_migrated))
    assert levels(after, "D17", "D18") == {"D17": "ok", "D18": "ok"}


async def test_a_role_without_rights_is_told_which_it_needs(pg18_migrated: str) -> None:
    with hands(pg18_migrated) as connection:
        connection.execute("drop role if exists nobody_much")
        connection.execute("create role nobody_much login password 'x'")
        try:
            poor = target(pg18_migrated, user="nobody_much", password="x", passfile="/nonexistent")
            found = await findings(poor)
            unknown = {name: finding.verdict for name, finding in found.items() if finding.level is Level.UNKNOWN}
            assert {"D02", "D03", "D04", "D19", "H28"} <= unknown.keys()
            assert unknown["D02"].remedy == 'GRANT pg_read_all_stats TO "nobody_much";'
            assert all("permission denied" not in verdict.evidence for verdict in unknown.values())
            for name in ("D02", "H28"):
                connection.execute(unknown[name].remedy)
            better = await findings(poor)
            assert better["D02"].level is Level.OK
            assert better["D19"].verdict.evidence == "migrations 5 of 5 applied, 2 manual pending"
        finally:
            connection.execute("drop role nobody_much")


async def test_a_view_that_was_taken_away_costs_only_its_own_checks(pg18_database: str) -> None:
    with hands(pg18_database) as connection:
        connection.execute("drop role if exists nobody_more")
        connection.execute("create role nobody_more login password 'x'")
        connection.execute("revoke select on pg_stat_activity from public")
        try:
            poor = target(pg18_database, user="nobody_more", password="x", passfile="/nonexistent")
            found = await findings(poor)
            assert found["D01"].level is Level.UNKNOWN
            assert found["D01"].verdict.remedy == 'GRANT SELECT ON pg_catalog.pg_stat_activity TO "nobody_more";'
            assert found["D06"].level is not Level.UNKNOWN
            connection.execute(found["D01"].verdict.remedy)
            assert (await findings(poor))["D01"].level is Level.OK
        finally:
            connection.execute("drop owned by nobody_more")
            connection.execute("drop role nobody_more")


async def test_figures_are_those_of_other_queries(pg18_migrated: str) -> None:
    found = await findings(target(pg18_migrated))
    with hands(pg18_migrated) as connection:

        def value(sql: str) -> float:
            (only,) = connection.execute(sql).fetchone() or (None,)
            return float(only)

        share = "select 100.0 * blks_hit / (blks_hit + blks_read) from pg_stat_database where datname = 'D'"
        if found["D06"].verdict.value is not None:
            assert found["D06"].verdict.value == pytest.approx(value(share.replace("'D'", "current_database()")), abs=5)
        assert found["H23"].verdict.value == pytest.approx(
            value("select max(age(datfrozenxid)) from pg_database"), abs=500
        )
        locks = value(
            "select max(n) from (select count(distinct c.oid) + count(distinct x.indexrelid) as n from pg_inherits i"
            " join pg_class p on p.oid = i.inhparent and p.relkind = 'p' join pg_class c on c.oid = i.inhrelid"
            " join pg_index x on x.indrelid = c.oid group by i.inhparent) t"
        )
        assert found["H15"].verdict.value == pytest.approx(
            100 * locks / value("select current_setting('max_locks_per_transaction')::int"
                                " * (current_setting('max_connections')::int"
                                " + current_setting('max_prepared_transactions')::int)"), rel=0.02)  # fmt: skip


async def test_one_refresh_is_one_round_trip_of_few_statements(
    pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    really = Database.pipeline

    async def counted(self: Database, *requests: Request[object]) -> Answers:  # type: ignore[type-var]
        sent.append(len(requests))
        return await really(self, *requests)

    async with Database(target(pg18_migrated)) as db:
        facts = service.Facts()
        await service.ask(db, facts, [Tier.A], Health())
        monkeypatch.setattr(Database, "pipeline", counted)
        await service.ask(db, facts, [Tier.A], Health())
    assert len(sent) == 1
    assert sent[0] <= 5


def test_nothing_that_is_asked_here_opens_files_or_waits_for_a_compression() -> None:
    """Sizes are those of the last ANALYZE: size functions open every file, and wait for a chunk that is compressed."""
    folder = Path(service.__file__).parent / "sql"
    costly = re.compile(r"\w*(?:_size|approximate_row_count)\w*\s*\(")
    assert [file.name for file in folder.iterdir() if costly.search(file.read_text())] == []
