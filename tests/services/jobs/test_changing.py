"""Jobs of a real TimescaleDB are run, paused, resumed and set, or that is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from console.cli.main import run
from console.db.database import LANES
from console.db.session import Session
from console.errors import ConsoleError, Refused, StatementFailed, UsageError
from console.services.events import Kept
from console.services.jobs import changing
from console.services.jobs.changing import Verb
from console.services.jobs.subject import Subject, find
from console.services.retention import holding
from console.services.storage_actions.performing import perform
from tests.services.jobs.ward import AUDIT, BAD, COMPRESSION, GOOD, VISITS, Ward, by_id

pytestmark = pytest.mark.usefixtures("well")


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
