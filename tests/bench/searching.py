"""Searches of the audit log: pages of the walk beside one statement and OFFSET, by what each costs the server.

The database is kept from run to run, so that everything is asked as of the end of its data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg

from console.db.query import Query
from console.services.audit import overview, search
from console.services.audit.search import Ready
from tests.bench.compressed import Absent, compressed
from tests.bench.explaining import Asked, Cost, Server
from tests.bench.kept import kept
from tests.bench.options import Options
from tests.bench.walking import MOST, ROWS, Listening, Walked, first_part, pages, whole
from tests.fixtures.running import complete

WHOLE = Query(__package__, "whole")

TIMES = 1.1
"""How much more than the one statement a page, or a walk, may cost."""

PICKED = """
with seen as (
    select emr_system, emr_patient_id, count(*) as times, max(created_at) as last
      from audit_logs where emr_patient_id is not null group by 1, 2
), worked as (
    select u.username, count(*) as times from users u join audit_logs a on a.user_id = u.id group by 1
)
select to_char(max(last) + interval '1 minute', 'YYYY-MM-DD"T"HH24:MI'),
       (select p.mrn from seen s join patients p using (emr_patient_id) order by s.times desc, p.mrn limit 1),
       (select p.mrn from seen s join patients p using (emr_patient_id)
         where s.times between 3 and 9 order by s.last, p.mrn limit 1),
       (select p.mrn from patients p where not exists (select from seen s where s.emr_patient_id = p.emr_patient_id)
         order by p.mrn limit 1),
       (select w.username from worked w order by w.times desc, w.username limit 1),
       (select w.username from worked w order by w.times, w.username limit 1)
  from seen
"""
"""The end of the data; patients often, rarely and never looked at; the users who did the most and the least."""


@dataclass(frozen=True, slots=True)
class Case:
    """A search, and what is measured of it."""

    name: str
    """In words."""
    text: str
    """As typed, without its end."""
    pages: Sequence[int] = (1,)
    """From 1; those that lie behind the last row are left out."""
    most: float | None = None
    """Milliseconds that a page may take; None: 1.1 times the one statement."""
    whole: Sequence[int] = ()
    """It is also walked to its end, by pages of so many rows."""
    first: float | None = None
    """Milliseconds until the first rows; None: that is not asked."""


def cases(often: str, rarely: str, never: str, busy: str, quiet: str) -> tuple[Case, ...]:
    """Everything that is walked."""
    return (
        Case("audit log, 30 days", "", (1, 100, 2_000), most=5.0),
        Case("patient, often looked at", f"since:all patient:{often}", (1, 5, 20), whole=(ROWS, MOST), first=20.0),
        Case("patient, rarely", f"since:all patient:{rarely}"),
        Case("patient, never", f"since:all patient:{never}"),
        Case("busiest user", f"since:all user:{busy}", (1, 100, 1_000)),
        Case("quietest user", f"since:all user:{quiet}", (1, 20), whole=(ROWS,)),
        Case("failed sign-ins", "since:all action:login_failed", (1, 100)),
        Case("free text", 'since:all "wrong password"', (1, 20)),
        Case("free text, no hit", 'since:all "no such text"'),
        Case("network, no hit", "since:all ip:100.64.0.0/10"),
        Case("session, no hit", "since:all session:00000000-0000-4000-8000-000000000000"),
    )


HEADINGS = (
    f"{'server ms':<25} {'page':>6} {'walk':>9} asked  read/planned  locks   blocks  |  {'keyset':>9} planned  locks"
    f" {'OFFSET':>9}  |  budget"
)

TIMESCALE = 0.05
"""As much as the TimescaleDB of one process carries."""


def lines(options: Options) -> Iterator[str]:
    """Every case on a database with so much synthetic data, and on a compressed one."""
    with kept(options) as (_, dsn):
        yield from measured(dsn, options.times)
    yield ""
    try:
        with compressed(TIMESCALE) as dsn:
            yield from measured(dsn, options.times)
    except Absent as absent:
        yield f"TimescaleDB: {absent}"


def measured(dsn: str, times: int) -> Iterator[str]:
    """The same on a database that is there; nothing is recorded in it."""
    with psycopg.connect(dsn) as connection:
        picked = connection.execute(PICKED.encode()).fetchone()
        (rows,) = connection.execute("select count(*) from audit_logs").fetchone() or (0,)
    assert picked is not None
    until, *names = picked
    yield f"{rows:,} audit rows, pages of {ROWS}"
    yield HEADINGS
    for case in cases(*names):
        ready, first, found = complete(_asked(dsn, f"{case.text} until:{until}", case))
        with psycopg.connect(dsn) as connection:
            server = Server(connection, times)
            if case.first is not None:
                yield _first(case, server.total(first))
            for one in found:
                yield _line(case, one, server, ready)
    yield from _amounts(dsn, times, until, names[0])


async def _asked(dsn: str, text: str, case: Case) -> tuple[Ready, list[Asked], list[Walked]]:
    """What the console asks for a case."""
    async with Listening(dsn) as db:
        await db.server()
        ready = await search.ready(db, text)
        understanding = db.taken()
        first = understanding + await first_part(db, ready)
        found = await pages(db, ready, case.pages)
        return ready, first, [*found, *[await whole(db, ready, rows) for rows in case.whole]]


def _first(case: Case, cost: Cost) -> str:
    assert case.first is not None
    told = f"{_verdict(cost.ms, case.first)} {case.first:g} ms until the first rows, identities included"
    return _row(case, "first", cost, "", told)


def _line(case: Case, one: Walked, server: Server, ready: Ready) -> str:
    """A page or a whole walk beside what anybody would write instead."""
    ours = server.total(one.asked)
    values = {**ready.conditions, "lower": ready.search.since, "most": one.rows if one.page else None}
    keyset = server.cost((WHOLE, {**values, "upper": one.start.at, "upper_id": one.start.id, "skipped": 0}))
    beside = f"{keyset.ms:>9.1f} {keyset.planned:>7} {keyset.locks:>6}"
    if not one.page:
        told = f"{_verdict(ours.ms, TIMES * keyset.ms)} {ours.ms / keyset.ms:.2f} x, of {TIMES} x"
        return _row(case, f"x{one.rows}", ours, beside, told)
    counted = {**values, "upper": ready.search.until, "upper_id": None, "skipped": (one.page - 1) * one.rows}
    beside += f" {server.cost((WHOLE, counted)).ms:>9.1f}"
    most = case.most or TIMES * keyset.ms
    limit = f"{case.most:g} ms" if case.most else f"{TIMES} x"
    told = f"{_verdict(ours.ms, most)} {f'{ours.ms:.1f}' if case.most else f'{ours.ms / keyset.ms:.2f} x'}, of {limit}"
    return _row(case, f"{one.page}", ours, beside, told)


def _row(case: Case, page: str, cost: Cost, beside: str, told: str) -> str:
    parts = f"{cost.read}/{cost.planned}"
    return (
        f"{case.name:<25} {page:>6} {cost.ms:>9.1f} {cost.statements:>5} {parts:>13} {cost.locks:>6} {cost.blocks:>8}"
        f"  |  {beside:<34}  |  {told}"
    )


def _verdict(ms: float, most: float) -> str:
    return "OK  " if ms <= most else "OVER"


def _amounts(dsn: str, times: int, until: str, patient: str) -> Iterator[str]:
    """What a search amounts to: histogram, facets, the exact number."""
    for name, text in (
        ("30 days", f"until:{until}"),
        ("7 years", f"since:all until:{until}"),
        ("patient, 7 years", f"since:all patient:{patient} until:{until}"),
    ):
        asked = complete(_amount(dsn, text))
        with psycopg.connect(dsn) as connection:
            server = Server(connection, times)
            told = []
            for query in (overview.HISTOGRAM, overview.FACETS, overview.EXACT):
                costs = [server.cost(each) for each in asked if each[0] == query]
                told.append(f"{query.name} {costs[0].ms:.1f} of {sum(cost.ms for cost in costs):.1f} ms")
            yield ", ".join([f"{name}, first window of all:", *told])


async def _amount(dsn: str, text: str) -> list[Asked]:
    async with Listening(dsn) as db:
        ready = await search.ready(db, text)
        db.taken()
        await overview.histogram(db, ready, 80)
        await overview.facets(db, ready)
        await overview.exact(db, ready)
        return db.taken()
