"""What each check says to facts that are bad and to facts that are good: every check has both."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from console.errors import Exit
from console.migrate.reports import Holder, MigrationStatus, Status
from console.services.health.catalogue import CHECKS
from console.services.health.check import Around, Check
from console.services.health.sources import KnownJobs
from console.services.health.storage import PartlyCompressed
from console.services.jobs.models import Cause, Jobs, JobState, Source
from console.services.retention.floor import judge
from console.services.retention.models import Hold
from console.services.storage.retention import Retained, Retention, Rule
from tests.services.health.facts import (
    DAY,
    NIGHT,
    able,
    activity,
    aggregate,
    around,
    audit,
    checkpoints,
    extension,
    job,
    jobs,
    owned,
    peer,
    policy,
    records,
    relations,
    sealing,
    setting,
    statistics,
    stored,
    table,
    wait,
    weeks,
)

IDLE = {"state": "idle in transaction", "state_age": 743.0, "transaction_age": 744.0}
TIMESCALE = around(timescaledb="2.29.2", timescaledb_license="timescale")
MINUTES = timedelta(minutes=4)


def schema(*states: str, lock: bool = False, **changed: Any) -> Status:
    """Migrations in these states."""
    rows = [MigrationStatus(f"00{n}", "thing", state, "any", **changed) for n, state in enumerate(states, 1)]  # type: ignore[arg-type]
    holder = Holder(4711, "ben", "ops2", NIGHT, "002", 3, 57, []) if lock else None
    return Status(NIGHT, "plain", 1, holder, rows, Exit.OK)


def kept(days: int, *others: Rule) -> Retention:
    """How long audit rows are kept."""
    rule = Rule("policy", "TimescaleDB's policy (job 1002)", policy(timedelta(days=days), drops=True))
    return Retention(NIGHT, [Retained("public", "audit_logs", [rule, *others], judge("audit_logs", days), NIGHT, ())])


def index(name: str) -> dict[str, str]:
    return {"index": name, "table": "public.tasks"}


SLOT = {"slot": "s", "active": False, "wal_status": "extended", "bytes": 3e9}
DEAD = {"table": "public.tasks", "dead": 30_000, "share": 0.3, "vacuumed": None}
LACKING = {"chunk": "_timescaledb_internal._hyper_1_7_chunk", "table": "public.audit_logs"}
ALIKE = Cause(Source.TIMESCALEDB, "24000", 'cannot drop portal ""', (1001, 1002), NIGHT, NIGHT)
HOLD = Hold(
    id=1, table_schema="public", table_name="audit_logs", name="case 17", reason="a subpoena", placed_at=NIGHT,
    placed_by="ana@ward-7", paused_jobs=[1002],
)  # fmt: skip
CRON = Rule("pg_cron", "job 7 of pg_cron (0 3 * * 0)", job=7)


def held(*others: Rule, scheduled: bool = True, holds: tuple[Hold, ...] = (HOLD,)) -> Retention:
    """A policy of a table under legal hold."""
    drop = policy(2_557 * DAY, drops=True).model_copy(update={"scheduled": scheduled})
    rules = [Rule("policy", "TimescaleDB's policy (job 1002)", drop, 1002), Rule("maintain", "maintain"), *others]
    return Retention(NIGHT, [Retained("public", "audit_logs", rules, judge("audit_logs", 2_557), NIGHT, (), holds)])


# id: facts, what is expected, words that the evidence must have; with other surroundings where they matter.
CASES: list[tuple[str, Any, str, str] | tuple[str, Any, str, str, Around]] = [
    ("D01", activity(connections=80), "warn", "80 of 97"),
    ("D01", activity(connections=90), "crit", "90 of 97"),
    ("D01", activity(), "ok", "12 of 97"),
    ("D02", activity(backends=[peer(1, **IDLE)], waits=[wait(2, 1, seconds=96), wait(3, 2, seconds=4)]), "crit",
     "pid 1 idle in transaction 12 m blocks 2 sessions (emr-task-service)"),
    ("D02", activity(backends=[peer(1)], waits=[wait(2, 1, seconds=30)]), "warn", "pid 1 active 5 s blocks 1 session"),
    ("D02", activity(backends=[peer(1), peer(5)], waits=[wait(2, 1, seconds=4), wait(6, 5, seconds=96)]), "crit",
     "pid 5 active 5 s blocks 1 session"),
    ("D02", activity(waits=[wait(2, 0, seconds=99)]), "crit", "a prepared transaction blocks 1 session"),
    ("D02", activity(waits=[wait(1, 2, seconds=70), wait(2, 1, seconds=70)]), "crit", "wait for each other"),
    ("D02", activity(), "ok", "nobody waits"),
    ("D02", activity(complete=False), "unknown", "hidden from ana"),
    ("D03", activity(backends=[peer(1, **IDLE), peer(2, **(IDLE | {"state_age": 901.0}))]), "crit", "pid 2 idle"),
    ("D03", activity(backends=[peer(1, **IDLE)]), "warn", "for 12 m"),
    ("D03", activity(backends=[peer(1)]), "ok", "no session is idle"),
    ("D04", activity(backends=[peer(1, transaction_age=4_000.0)]), "crit", "pid 1 active for 1 h"),
    ("D04", activity(backends=[peer(1, transaction_age=4_000.0, kind="autovacuum worker")]), "ok", "no long"),
    ("D05", activity(prepared=2, prepared_age=7_200.0), "crit", "2 prepared transactions, the oldest for 2 h"),
    ("D05", activity(), "ok", "no prepared"),
    ("D06", statistics(blks_hit=978, blks_read=22), "ok", "only 1,000 blocks"),
    ("D06", statistics(blks_hit=978_000, blks_read=22_000), "warn", "cache hit 97.8 % (target > 99 %)"),
    ("D06", statistics(blks_hit=989_990, blks_read=10_010), "warn", "cache hit 98.9 % (target > 99 %)"),
    ("D06", statistics(), "ok", "99.9 %"),
    ("D07", statistics(deadlocks=12), "warn", "9 in the last 4 m", around(statistics(as_of=NIGHT - MINUTES))),
    ("D07", statistics(deadlocks=12), "ok", "12 since the counters began"),
    ("D08", checkpoints(4, 16), "warn", "80 % of 20"),
    ("D08", checkpoints(1, 5), "ok", "only 6"),
    ("D09", statistics(last_failed_time=NIGHT + DAY, failed_count=3), "crit", "nothing was archived since 2026-03-14"),
    ("D09", statistics(last_failed_time=NIGHT - DAY), "ok", "WAL archived at"),
    ("D10", statistics(checksum_failures=2), "crit", "2 blocks"),
    ("D10", statistics(), "ok", "no wrong checksum"),
    ("D11", setting(fsync="off", autovacuum="off"), "crit", "fsync and autovacuum are off"),
    ("D11", statistics(), "ok", "are on"),
    ("D12", statistics(standbys=[{"standby": "b", "state": "streaming", "seconds": 45.0}]), "crit", "45.0 s (b)"),
    ("D12", statistics(standbys=[{"standby": "b", "state": "catchup", "seconds": None}]), "warn", "does not stream"),
    ("D12", statistics(in_recovery=True, own_lag=4.0), "warn", "4.00 s behind the primary"),
    ("D12", statistics(standbys=[{"standby": "b", "state": "streaming", "seconds": 0.2}]), "ok", "replication 200 ms"),
    ("D13", statistics(slots=[SLOT | {"wal_status": "lost", "bytes": None}]), "crit", "is lost"),
    ("D13", statistics(slots=[SLOT]), "warn", "2.79 GB"),
    ("D13", statistics(slots=[SLOT | {"active": True, "bytes": 1e6}]), "ok", "977 kB"),
    ("D14", relations(dead_tables=3, dead=[DEAD]), "warn", "public.tasks: 30 % dead rows (30,000), not vacuumed"),
    ("D14", relations(), "ok", "keeps up"),
    ("D15", relations(unused_indexes=2, unused_bytes=3 * 1024**2, unused=[index("public.i") | {"bytes": 9}]), "ok",
     "2 unused indexes, 3.00 MB; largest: public.i"),
    ("D15", relations(), "ok", "is used"),
    ("D16", relations(sequences=[{"name": "public.s", "share": 99.96}]), "crit", "public.s has used 99.9 % of"),
    ("D16", relations(hidden_sequences=4), "unknown", "4 sequences hidden from"),
    ("D16", relations(), "ok", "2 % used at most"),
    ("D17", stored(weeks(-3, 1), table(kind="partitioned")), "warn", "for 1.1 weeks ahead"),
    ("D17", stored(weeks(-3, -1), table(kind="partitioned")), "crit", "has no partition for today"),
    ("D17", stored([*weeks(-3, 1), *weeks(3, 9)], table(kind="partitioned")), "warn", "for 1.1 weeks ahead"),
    ("D17", stored(weeks(-3, 8), table(kind="partitioned")), "ok", "for 8.1 weeks ahead"),
    ("D18", stored([], table(kind="partitioned", default_rows=1_204)), "warn", "1,204 rows in audit_logs_default"),
    ("D18", stored([], table(kind="partitioned")), "ok", "no row"),
    ("D19", schema("applied", "in_doubt"), "crit", "1 of 2 applied; 002_thing: in doubt"),
    ("D19", schema("applied", "pending"), "warn", "next is 002_thing"),
    ("D19", schema("applied", "pending", manual=True), "ok", "migrations 1 of 1 applied, 1 manual pending"),
    ("D19", schema("applied", "failed_partial", manual=True), "crit", "1 of 2 applied; 002_thing: failed partial"),
    ("D19", schema("applied", "applied", drift="up"), "warn", "its up file was changed"),
    ("D19", schema("applied", "pending", lock=True), "ok", "somebody migrates now"),
    ("D19", replace(schema("unknown"), note="It cannot be read."), "unknown", "It cannot be read."),
    ("D19", schema("applied", "applied"), "ok", "migrations 2 of 2 applied"),
    ("D21", held(), "crit", "audit_logs is under legal hold, and TimescaleDB's policy (job 1002) drops its rows"),
    ("D21", held(CRON, scheduled=False), "crit", "and job 7 of pg_cron (0 3 * * 0) drops its rows"),
    ("D21", held(scheduled=False), "ok", "nothing drops rows of audit_logs"),
    ("D21", held(scheduled=False, holds=()), "crit", "retention of audit_logs is paused, and no hold asks for it"),
    ("D21", held(holds=()), "ok", "no table is under legal hold"),
    ("D21", replace(held(holds=()), holds_hidden=True), "unknown", "cannot see"),
    ("D20", records(2 * DAY), "unknown", "no backup of ours in 1 d"),
    ("D20", records(readable=False), "unknown", "this role cannot read"),
    ("D20", records(timedelta(hours=5)), "ok", "backup of 5 h ago"),
    ("H01", extension("2.18.0", available="2.23.0"), "warn", "TimescaleDB is 2.18.0, and its files are 2.23.0"),
    ("H01", extension(license="apache"), "warn", "no policy"),
    ("H01", extension(restoring=True), "crit", "timescaledb.restoring is on"),
    ("H01", extension(), "ok", "is what its files are"),
    ("H02", jobs(scheduler=False, trouble="No scheduler runs. A superuser starts it."), "crit", "No scheduler runs"),
    ("H02", jobs(), "ok", "runs"),
    ("H03", setting(max_worker_processes="8"), "warn", "max_worker_processes is 8"),
    ("H03", setting(timescaledb__max_background_workers="1"), "crit", "is 1"),
    ("H03", setting(timescaledb__max_background_workers="3"), "crit", "no job can run beside the schedulers"),
    ("H03", setting(timescaledb__max_background_workers="4"), "warn", "3 schedulers leave 1 of 4"),
    ("H03", statistics(), "ok", "32, and 27 are needed"),
    ("H04", jobs(job(JobState.FAILING, consecutive_failures=4), job(JobState.STUCK)), "crit", "failing, and 1 more"),
    ("H04", jobs(job(JobState.PAUSED)), "crit", "paused"),
    ("H04", jobs(job(JobState.PAUSED, kind="user")), "ok", "1 job well"),
    ("H04", jobs(job(JobState.OVERDUE, note="due 9 m ago")), "warn", "overdue, due 9 m ago"),
    ("H04", jobs(job(JobState.HIDDEN, grant="GRANT x;")), "unknown", "hidden"),
    ("H04b", jobs(causes=(ALIKE,)), "crit", '2 jobs fail alike: 24000 cannot drop portal ""'),
    ("H04b", jobs(), "ok", "no two"),
    ("H05", jobs(job(JobState.RUNNING, last_run=NIGHT - DAY, pid=7)), "crit", "runs for 1 d"),
    ("H05", jobs(job(JobState.RUNNING, last_run=NIGHT - MINUTES, max_runtime=60.0, pid=7)), "crit", "runs for 4 m"),
    ("H05", jobs(job(JobState.RUNNING, last_run=NIGHT - MINUTES)), "ok", "runs for 4 m"),
    ("H06", stored(weeks(-20, 0, compressed_before=-19)), "crit", "6 chunks of audit_logs should be compressed"),
    ("H06", stored(weeks(-20, 0)), "ok", "every chunk"),
    ("H07", PartlyCompressed(["1::regclass"], 40), "warn", "1 chunk of 40 partly"),
    ("H07", PartlyCompressed(["1::regclass"], 4), "crit", "1 chunk of 4 partly"),
    ("H07", PartlyCompressed([], 40), "ok", "all 40"),
    ("H07", PartlyCompressed([], 40, "They need TimescaleDB 2.12."), "unknown", "2.12"),
    ("H08", stored([], table(batches=4_000_000)), "crit", "audit_logs: 8 rows a batch, 6.0 times smaller"),
    ("H08", stored([], table(bytes_before=2 * 10**8)), "warn", "2.0 times smaller"),
    ("H08", stored([], table()), "ok", "968 rows a batch"),
    ("H09", aggregate(90_000.0), "crit", "is 1 d behind; its policy explains 4 h"),
    ("H09", aggregate(5_000.0), "ok", "1 h behind"),
    ("H09", aggregate(9e6, policies=0, end_offset=None, every=None), "warn", "that refreshes it, and is 104 d"),
    ("H09", aggregate(None, policies=0, end_offset=None, every=None), "warn", "and holds nothing yet"),
    ("H09", aggregate(9e3, policies=0, end_offset=None, every=None), "ok", "within a day"),
    ("H09", aggregate(90_000.0, refreshed=NIGHT), "ok", "was refreshed in time"),
    ("H10", aggregate(0.0, orphans=2), "crit", "2 changed ranges that no refresh reaches"),
    ("H10", aggregate(0.0, pending=40), "warn", "40 changed ranges to be refreshed"),
    ("H10", aggregate(0.0), "ok", "no changed range"),
    ("H11", aggregate(0.0, conflict="Its refreshes reach back to the beginning."), "crit", "to the beginning"),
    ("H11", aggregate(0.0), "ok", "no refresh reaches"),
    ("H12", kept(30), "crit", "six years (2,192 days) at least; this is 30 days"),
    ("H12", kept(2_300), "warn", "seven years"),
    ("H12", kept(2_557, CRON), "warn", "one of them must go"),
    ("H12", kept(2_557), "ok", "as long as they must be"),
    ("H13", stored(weeks(-380, 0)), "crit", "14 chunks should have been dropped"),
    ("H13", stored(weeks(-20, 0)), "ok", "in time"),
    ("H14", stored([], table(active=10**9)), "crit", "745 % of shared_buffers"),
    ("H14", stored([], table()), "ok", "3 % of shared_buffers"),
    ("H14b", stored([], table(chunks=400, rows=400 * 27_000)), "warn", "400 chunks of 27,000 rows"),
    ("H14b", stored([], table(chunks=400)), "ok", "no table"),
    ("H15", relations(divided_locks=2_565), "warn", "takes 2,565 of 6,400 locks"),
    ("H15", relations(), "ok", "900 of 6,400"),
    ("H16", stored(weeks(-9, -3)), "crit", "has taken no row since 2026-02-22"),
    ("H16", stored([*weeks(-9, 0), *weeks(30, 30)]), "warn", "somebody's clock is wrong"),
    ("H16", stored([*weeks(-9, -5), *weeks(-3, 0)]), "warn", "has no row from 2026-02-08 to 2026-02-15"),
    ("H16", stored([*weeks(-90, -80), *weeks(-20, 0)]), "ok", "takes rows of today"),
    ("H17", aggregate(0.0, realtime=False, end_offset=86_400.0), "ok", "audit_logs_hourly (1 d)"),
    ("H17", aggregate(0.0), "ok", "answers with the newest rows"),
    ("H18", relations(broken=[index("public.a"), index("public.b")]), "crit", "invalid index public.a, and 1 more"),
    ("H18", relations(lacking=[LACKING]), "crit", "_hyper_1_7_chunk lacks an index of public.audit_logs"),
    ("H18", relations(), "ok", "is valid"),
    ("H19", audit(writable=[{"relation": "audit_logs", "grantee": "emr_app", "privileges": "DELETE, UPDATE"}]), "crit",
     "emr_app has DELETE, UPDATE on audit_logs"),
    ("H19", audit(beside=[{"relation": "audit_logs_p20260312", "grantee": "ben", "privileges": "SELECT"}]), "warn",
     "ben has SELECT on audit_logs_p20260312, past its table"),
    ("H19", audit(foreign=[{"relation": "audit_logs", "trigger": "quiet", "owner": "eve"}]), "crit",
     "trigger quiet on audit_logs runs a function of eve"),
    ("H19", audit(), "ok", "nobody may"),
    ("H20", audit(unguarded=["public.audit_logs_p20260312", "public.audit_logs"]), "crit", "; 1 more likewise"),
    ("H20", owned(), "warn", "belong to emr, who can sign in"),
    ("H20", audit(), "ok", "on 60 tables"),
    ("H21", sealing(("audit_logs", 0)), "ok", "sealed up to 2026-03-11"),
    ("H21", sealing(("audit_logs", 1)), "ok", "audit_logs has not been sealed since 2026-03-11"),
    ("H21", sealing(("audit_logs", 0), ("audit_log_details", 4)), "warn", "has not been sealed since 2026-03-08"),
    ("H21", sealing(unsealed={"audit_logs": date(2026, 3, 1)}), "warn", "the first day to seal is 2026-03-01"),
    ("H21", sealing(), "ok", "no day of the audit log is over"),
    ("H21", sealing(("audit_logs", 0), told=8), "crit", "seal 8 of audit_logs, of which an event tells, is not there"),
    ("H21", sealing(("audit_logs", 0), told=6), "ok", "sealed up to"),
    ("H21", sealing(readable=False), "unknown", "hidden from ana"),
    ("H22", relations(history_bytes=2 * 1024**3), "crit", "2.00 GB", TIMESCALE),
    ("H22", relations(), "ok", "8.00 kB", TIMESCALE),
    ("H23", statistics(frozen_age=600_000_000), "crit", "600 M transactions, in emr"),
    ("H23", statistics(multixact_age=450_000_000), "warn", "multixact: 450 M"),
    ("H23", statistics(frozen_age=230_000_000), "warn", "230 M transactions"),
    ("H23", statistics(frozen_age=199_000_000, multixact_age=399_000_000), "ok", "199 M"),
    ("H23", setting(autovacuum_freeze_max_age="900000000").model_copy(update={"frozen_age": 600_000_000}), "ok",
     "600 M"),
    ("H23", statistics(), "ok", "40 M"),
    ("H24", stored([], table(unmeasured=4)), "warn", "4 chunks of audit_logs never analyzed"),
    ("H24", stored([], table()), "ok", "has been analyzed"),
    ("H25", jobs(job(JobState.RUNNING, last_run=NIGHT - DAY, note="waits for 9", blocked_by=[9])), "crit", "for 9"),
    ("H25", jobs(), "ok", "nobody keeps"),
    ("H26", setting(log_statement="all"), "warn", "log_statement"),
    ("H26", setting(log_min_duration_statement="0", timescaledb__telemetry_level="basic"), "warn", "telemetry_level"),
    ("H26", statistics(), "ok", "no setting"),
    ("H27", extension("2.23.0"), "warn", "and 4 more"),
    ("H27", extension("2.29.2"), "ok", "no known defect"),
    ("H28", activity(), "unknown", "ana does not see all", around(predefined_roles=[])),
    ("H28", activity(), "ok", "sees what there is"),
]  # fmt: skip

BY_ID: dict[str, Check[Any]] = {check.id: check for check in CHECKS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_verdict(case: tuple[Any, ...]) -> None:
    name, facts, level, words, *surroundings = case
    verdict = BY_ID[name].judge(facts, surroundings[0] if surroundings else around())
    assert verdict is not None
    assert (verdict.level, words in verdict.evidence) == (level, True), verdict.evidence
    assert "\n" not in verdict.evidence


def test_every_check_has_a_bad_and_a_good_case() -> None:
    seen = {(name, "ok" if level == "ok" else "bad") for name, _, level, *_ in CASES}
    never_bad = {"D15", "H17"}  # worth knowing, never worse
    wanted = {(check.id, kind) for check in CHECKS for kind in ("ok", "bad")}
    assert wanted - seen == {(name, "bad") for name in never_bad}


def test_identifiers_are_unique_and_what_is_bad_has_a_remedy() -> None:
    assert len(BY_ID) == len(CHECKS)
    without = set()
    for name, facts, level, _, *surroundings in CASES:
        verdict = BY_ID[name].judge(facts, surroundings[0] if surroundings else around())
        if level in ("warn", "crit") and verdict is not None and not verdict.remedy:
            without.add(name)
    assert without <= {"D02", "D12", "D13", "H12", "H16", "H25"}, "where only a person can know what to do"


def test_what_is_not_there_is_not_judged() -> None:
    """A server without audit tables, TimescaleDB or jobs has fewer checks, and none of them is unknown."""
    absent = {
        "H20": audit(tables=[]),
        "D17": stored(weeks(-9, 0)),
        "H03": statistics(settings={"timescaledb.max_background_workers": None}),
        "H04": KnownJobs(Jobs(NIGHT, []), able()),
        "H22": relations(),
    }
    assert {name: BY_ID[name].judge(facts, around()) for name, facts in absent.items()} == dict.fromkeys(absent)
