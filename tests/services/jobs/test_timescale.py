"""Jobs on a real TimescaleDB: it has no scheduler, so that the runs of one are written into its tables by hand."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from console.cli.main import run
from console.db.database import LANES, Database
from console.db.session import Session
from console.errors import ConsoleError, NoPrivilege, Refused, StatementFailed, UsageError
from console.migrate import ledger
from console.services.capabilities import capabilities
from console.services.events import Kept
from console.services.jobs import changing
from console.services.jobs.changing import Verb
from console.services.jobs.history import kept, past_runs
from console.services.jobs.missing import RECORD
from console.services.jobs.models import Job, Jobs
from console.services.jobs.service import assembled, read_jobs, requests
from console.services.jobs.subject import Subject, find
from console.services.retention import holding
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Done
from tests.fixtures.running import complete
from tests.fixtures.timescale import Timescale

PORTAL = 'cannot drop portal "" while it is being set up'

WARD = """
create extension if not exists timescaledb;
create schema "Reports of Ward 7";
create table public.audit_logs (created_at timestamptz not null, action text);
create table "Reports of Ward 7".visits (at timestamptz not null, n int);
select create_hypertable('public.audit_logs', 'created_at');
select create_hypertable('"Reports of Ward 7".visits', 'at', chunk_time_interval => interval '1 day');
insert into "Reports of Ward 7".visits select now() - make_interval(days => n), n from generate_series(1, 10) n;
alter table public.audit_logs set (timescaledb.compress);
select add_compression_policy('public.audit_logs', interval '90 days');
select add_retention_policy('public.audit_logs', interval '7 years');
select add_retention_policy('"Reports of Ward 7".visits', interval '5 days');
create procedure public.bad(job_id int, config jsonb) language plpgsql
    as $$ begin raise exception 'no luck for %', 'John Doe'; end $$;
create table public.tidied (n int);
create procedure public.good(job_id int, config jsonb) language plpgsql
    as $$ begin insert into public.tidied values (job_id); commit; end $$;
select add_job('public.bad', '1 hour');
select add_job('public.good', '1 hour', config => '[1, "a"]');
create role watcher;
grant pg_monitor, pg_read_all_data to watcher; -- this server shows nobody else its pg_database
"""

COMPRESSION, AUDIT, VISITS, BAD, GOOD = range(1000, 1005)
"""The numbers of the jobs, in the order in which they were made."""

RAN = """
insert into _timescaledb_internal.bgw_job_stat
values (%(id)s, now() - interval '62 s', now() - interval '1 min', now() + interval '1 hour', '-infinity', false,
        4, '0', '4 s', 0, 4, 0, %(failures)s, 0, 0)
on conflict (job_id) do update set last_start = excluded.last_start, last_finish = excluded.last_finish,
    next_start = excluded.next_start, last_run_success = false, total_runs = 4, total_failures = 4,
    consecutive_failures = excluded.consecutive_failures, last_successful_finish = '-infinity'
"""

SAID = """
insert into _timescaledb_internal.bgw_job_stat_history (job_id, pid, execution_start, execution_finish, succeeded, data)
select %(id)s, 4711, now() - interval '1 s' - make_interval(mins => n), now() - make_interval(mins => n), false,
       jsonb_build_object('job', jsonb_build_object('proc_name', 'x'),
                          'error_data', jsonb_build_object('sqlerrcode', %(code)s::text, 'message', %(message)s::text))
  from generate_series(1, %(failures)s) n
"""

FORGET = """
delete from _timescaledb_internal.bgw_job_stat_history;
update _timescaledb_internal.bgw_job_stat set consecutive_failures = 0, last_run_success = true;
truncate public.tidied
"""


class Ward:
    """The server, and one connection to it at a time."""

    def __init__(self, server: Timescale) -> None:
        self.target = server.target()
        self.dsn = server.dsn()

    def ask(self, statement: str, **values: object) -> list[Any]:
        """What a plain client is told; several statements where there are no values."""
        with psycopg.connect(self.dsn, autocommit=True, prepare_threshold=None) as connection:
            connection.execute("set client_min_messages = warning; set search_path = public")
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def fail(self, job: int, code: str = "24000", message: str = PORTAL, times: int = 3) -> None:
        """Let the last runs of a job have failed."""
        self.ask(RAN, id=job, failures=times)
        self.ask(SAID, id=job, code=code, message=message, failures=times)

    def forget(self) -> None:
        """No job has ever run."""
        self.ask(FORGET)

    async def read(self) -> Jobs:
        """All jobs, as the console reads them."""
        async with Database(self.target) as db:
            return await read_jobs(db)

    async def change(self, verb: Verb, job: int, value: str = "") -> Done:
        """Change a job, as somebody who has agreed."""
        async with await Session.open(self.target, "act", settings=LANES["act"]) as session:
            return await perform(session, await changing.plan(session, verb, job, value), "ticket 4711")

    def events(self) -> list[Any]:
        """What was written down."""
        return self.ask("select kind, detail ->> 'outcome', detail ->> 'reason' from emr_console.event order by id")


@pytest.fixture(scope="module")
def ward(timescale: Timescale) -> Ward:
    made = Ward(timescale)
    made.ask(WARD)
    complete(_ledger(made))
    return made


async def _ledger(ward: Ward) -> None:
    async with await Session.open(ward.target, "act") as session:
        await ledger.ready(session)


@pytest.fixture(autouse=True)
def well(ward: Ward) -> Iterator[None]:
    yield
    ward.forget()


def by_id(found: Jobs) -> dict[int, Job]:
    return {job.id: job for job in found.jobs if job.id is not None}


async def test_every_figure_is_the_servers(ward: Ward) -> None:
    ward.fail(COMPRESSION)
    found = await ward.read()
    told = [(job.id, job.name, job.interval, job.config, job.owner, job.next_start) for job in found.jobs if job.runs]
    theirs = ward.ask(
        "select job_id, application_name, extract(epoch from schedule_interval)::float8, config, owner::text, "
        "next_start from timescaledb_information.jobs join timescaledb_information.job_stats using (job_id, next_start)"
        " where total_runs > 0"
    )
    assert told == theirs
    assert sorted(by_id(found)) == [
        n for (n,) in ward.ask("select job_id from timescaledb_information.jobs order by 1")
    ]
    job = by_id(found)[COMPRESSION]
    (stats,) = ward.ask(
        "select last_run_started_at, extract(epoch from last_run_duration)::float8, total_runs, total_failures "
        f"from timescaledb_information.job_stats where job_id = {COMPRESSION}"
    )
    assert (job.last_run, job.last_duration, job.runs, job.failures) == stats
    assert job.last_success is None


async def test_without_a_scheduler_nothing_is_called_scheduled(ward: Ward) -> None:
    found = await ward.read()
    assert {job.state for job in found.jobs} == {"scheduler_dead"}
    assert found.scheduler is False
    assert "start_background_workers" in found.trouble
    assert ward.ask("select distinct job_status from timescaledb_information.job_stats") == [("Scheduled",)]


async def test_what_they_are(ward: Ward) -> None:
    found = {number: (job.kind, job.table, job.label) for number, job in by_id(await ward.read()).items()}
    assert found == {
        3: ("internal", None, "Job History Log Retention Policy"),
        COMPRESSION: ("compression", "audit_logs", "compression"),
        AUDIT: ("retention", "audit_logs", "retention"),
        VISITS: ("retention", "Reports of Ward 7.visits", "retention"),
        BAD: ("user", None, "public.bad"),
        GOOD: ("user", None, "public.good"),
    }


async def test_several_that_fail_alike_are_one_card(ward: Ward) -> None:
    for number in (COMPRESSION, AUDIT, BAD):
        ward.fail(number)
    ward.fail(GOOD, "P0001", "no luck for John Doe", times=1)
    found = await ward.read()
    (card,) = found.causes
    assert (card.words, card.jobs) == (f"24000 {PORTAL}", (COMPRESSION, AUDIT, BAD))
    good = by_id(found)[GOOD]
    assert good.consecutive_failures == 1
    assert "John" not in str(good.as_json())
    assert good.error is not None
    assert good.error.startswith("P0001 RaiseException")


async def test_history(ward: Ward) -> None:
    ward.fail(BAD, times=2)
    async with Database(ward.target) as db:
        job = by_id(await read_jobs(db))[BAD]
        runs = await past_runs(db, job)
        assert "enable_job_execution_logging" in kept(await capabilities(db), job)
    assert [(run.ending, run.said, run.pid) for run in runs] == [("failed", PORTAL, 4711)] * 2
    assert [round(run.seconds or 0, 3) for run in runs] == [1.0, 1.0]


async def test_errors_of_others_are_said_to_be_hidden(ward: Ward) -> None:
    ward.fail(BAD)
    ward.ask("delete from _timescaledb_internal.bgw_job_stat_history")  # 2.23 shows failures to strangers, by mistake
    ward.ask("set role watcher")
    try:
        found = await ward.read()
    finally:
        ward.ask("reset role")
    assert by_id(found)[BAD].grant == 'GRANT "postgres" TO "watcher";'
    assert 'GRANT "postgres" TO "watcher";' in " ".join(found.missing)
    assert by_id(found)[BAD].as_json()["errors_hidden"] is True


async def test_jobs_that_may_not_be_read_are_said_with_their_grant(ward: Ward) -> None:
    async with Database(ward.target) as db:
        able = await capabilities(db)
        hidden = replace(able, probe=able.probe.model_copy(update={"unreadable": ["timescaledb_information.jobs"]}))
        with pytest.raises(NoPrivilege) as refused:
            requests(hidden)
    assert "GRANT SELECT ON timescaledb_information.jobs" in refused.value.hint


async def test_a_record_that_may_not_be_read_is_said_with_its_grant(ward: Ward) -> None:
    async with Database(ward.target) as db:
        able = await capabilities(db)
        blind = replace(able, probe=able.probe.model_copy(update={"unreadable": [RECORD]}))
        found = assembled(blind, await db.pipeline(*requests(blind)))
    assert {job.state for job in found.jobs} == {"hidden"}
    assert f'GRANT SELECT ON {RECORD} TO "postgres";' in found.missing[0]


async def test_run_pause_resume(ward: Ward) -> None:
    done = await ward.change("run", GOOD)
    assert done.said.sentence.startswith(f"Job {GOOD} ended well.")
    assert done.kept == Kept()
    assert ward.ask("select n from tidied") == [(GOOD,)]
    with pytest.raises(StatementFailed) as failed:
        await ward.change("run", BAD)
    assert "John" not in failed.value.sentence()
    assert failed.value.state.startswith("The job failed")
    await ward.change("pause", GOOD)
    assert by_id(await ward.read())[GOOD].state == "paused"
    with pytest.raises(Refused, match="paused already"):
        await ward.change("pause", GOOD)
    await ward.change("resume", GOOD)
    assert by_id(await ward.read())[GOOD].state == "scheduler_dead"
    assert ward.events()[-4:] == [
        ("job.run", "done", "ticket 4711"), ("job.run", "failed", "ticket 4711"),
        ("job.pause", "done", "ticket 4711"), ("job.resume", "done", "ticket 4711"),
    ]  # fmt: skip


async def test_where_the_scheduler_lives_it_is_told_to_start_the_job(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This server has no scheduler; what is sent to one is taken by the real alter_job."""

    async def alive(session: Session, number: int) -> Subject:
        found = await find(session, number)
        return replace(found, clock=found.clock.model_copy(update={"scheduler": True}))

    monkeypatch.setattr(changing, "find", alive)
    await ward.change("pause", BAD)
    await ward.change("resume", BAD)
    ward.fail(BAD)
    done = await ward.change("run", BAD)
    assert done.said.sentence.startswith(f"Job {BAD} is due now; the scheduler starts it")
    due = "select abs(extract(epoch from next_start - now())) < 60, total_runs from timescaledb_information.job_stats"
    assert ward.ask(f"{due} where job_id = {BAD}") == [(True, 4)]


async def test_a_retention_job_drops_what_it_says(ward: Ward) -> None:
    async with await Session.open(ward.target, "act", settings=LANES["act"]) as session:
        plan = await changing.plan(session, "run", VISITS)
    assert (plan.typed, plan.by_itself) == ("visits", False)
    assert "older than 5 days" in plan.consequence
    await ward.change("run", VISITS)
    assert ward.ask('select count(*) from "Reports of Ward 7".visits') == [(5,)]


REFUSED: list[tuple[Verb, int, str, str]] = [
    ("config", AUDIT, '{"drop_after": "1 day"}', "six years"),
    ("config", AUDIT, '{"drop_after": "2191 days"}', "six years"),
    ("config", AUDIT, '{"drop_after": 7}', "cannot be told"),
    ("config", AUDIT, '{"drop_created_before": "1 day"}', "six years"),
    ("config", AUDIT, '{"drop_after": "7 years", "hypertable_id": 2}', "cannot be changed"),
    ("config", VISITS, '{"drop_after": "5 days", "mat_hypertable_id": 2}', "cannot be changed"),
    ("config", VISITS, '"drop_after"', "no JSON object"),
    ("config", VISITS, '{"drop_after": "often"}', "no interval"),
    ("interval", GOOD, "-1 day", "cannot be started every"),
    ("interval", GOOD, "often", "no interval"),
    ("run", 4711, "", "There is no job 4711 here"),
    ("resume", GOOD, "", "not paused"),
]


async def test_what_is_refused(ward: Ward) -> None:
    before = ward.ask("select job_id, schedule_interval, config, scheduled from timescaledb_information.jobs")
    for verb, job, value, said in REFUSED:
        with pytest.raises((Refused, UsageError)) as refused:
            await ward.change(verb, job, value)
        assert said in refused.value.message
    assert ward.ask("select job_id, schedule_interval, config, scheduled from timescaledb_information.jobs") == before


async def test_settings_are_changed_and_read_back(ward: Ward) -> None:
    async with await Session.open(ward.target, "act", settings=LANES["act"]) as session:
        short = await changing.plan(session, "config", AUDIT, '{"drop_after": "2192 days"}')
    assert "seven years" in short.consequence
    assert short.typed == "audit_logs"
    await ward.change("config", AUDIT, '{"drop_after": "8 years"}')
    await ward.change("interval", GOOD, "90 minutes")
    found = by_id(await ward.read())
    assert found[AUDIT].config == {"drop_after": "8 years", "hypertable_id": 1}
    assert found[GOOD].interval == 5_400.0
    assert found[GOOD].config == [1, "a"]


async def test_a_job_that_somebody_deletes_meanwhile_is_one_sentence(ward: Ward) -> None:
    ((number,),) = ward.ask("select add_job('public.good', '1 hour')")
    async with await Session.open(ward.target, "act", settings=LANES["act"]) as session:
        plans = [await changing.plan(session, verb, number) for verb in ("run", "pause")]
    ward.ask(f"select delete_job({number})")
    for plan in plans:
        async with await Session.open(ward.target, "act", settings=LANES["act"]) as session:
            with pytest.raises(ConsoleError) as gone:
                await perform(session, plan, "")
        assert gone.value.sentence().startswith(f"There is no job {number} here; it may have been deleted meanwhile.")


async def test_a_held_table_keeps_its_job_paused(ward: Ward) -> None:
    async with await Session.open(ward.target, "act", settings=LANES["act"] | holding.SETTINGS) as session:
        await holding.place(session, "audit_logs", "case 7", "asked for by counsel")
    assert by_id(await ward.read())[AUDIT].state == "paused"
    verbs: tuple[Verb, ...] = ("resume", "run")
    for verb in verbs:
        with pytest.raises(Refused, match="legal hold"):
            await ward.change(verb, AUDIT)
    assert by_id(await ward.read())[AUDIT].state == "paused"


def test_the_commands(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    ward.fail(COMPRESSION)
    ward.fail(AUDIT)

    def emr(*words: str) -> tuple[int, dict[str, Any]]:
        code = run(["--dsn", ward.dsn, *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, found = emr("jobs")
    assert code == 0
    assert {"as_of", "flavour", "server", "rows"} <= set(found)
    assert found["scheduler"] is False
    assert [(cause["sqlstate"], cause["jobs"]) for cause in found["causes"]] == [("24000", [COMPRESSION, AUDIT])]
    promised = "id name kind table state last_run last_success last_duration next_start consecutive_failures last_error"
    assert all({*promised.split(), "config"} <= set(row) for row in found["rows"])
    code, done = emr("job", "run", str(GOOD), "--yes")
    assert (code, done["outcome"], done["sql"]) == (0, "done", f'call "public".run_job({GOOD});')
    assert emr("job", "run", str(BAD), "--yes")[0] == 20
    assert emr("job", "run", str(GOOD))[0] == 2, "nobody agreed"
    assert emr("job", "run", "4711", "--yes")[0] == 2
    code, refused = emr("job", "pause", str(GOOD), "--yes")
    assert (code, refused["error"]["hint"]) == (2, "Add --reason TEXT.")
    assert emr("job", "pause", str(GOOD), "--yes", "--reason", "ticket 4711")[0] == 0
    assert emr("job", "resume", str(GOOD), "--yes")[0] == 0
    assert emr("job", "config", str(AUDIT), '{"drop_after": "1 day"}', "--yes", "--reason", "ticket 4711")[0] == 16
    assert emr("job", "run", str(VISITS), "--yes")[0] == 2, "rows go, and nobody said why"
    assert emr("job", "run", str(VISITS), "--yes", "--reason", "ticket 4711")[0] == 0
