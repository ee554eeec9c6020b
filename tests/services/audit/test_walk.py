"""The walk finds exactly what one plain statement finds: no row twice, none missing, in the same order."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

import psycopg
import pytest
from pytest_asyncio import fixture

from console.db.database import Database
from console.demo.server import Cluster
from console.errors import Unsupported
from console.services.audit import overview, search, walk
from console.services.audit.grammar import ACTIONS
from console.services.audit.models import Event, Page
from console.services.audit.questions import quoted
from console.services.audit.strangers import id_of
from tests.fixtures.databases import fresh, template
from tests.services.audit.logging import ANA, BEN, NOON, UNTIL, ago, by_hand, event, ids, note, users, walked, write
from tests.targets import target

in_the_connection_s_loop = pytest.mark.asyncio(loop_scope="module")
SYSTEMS = (None, "EPIC", "CERNER")


@pytest.fixture(scope="module")
def random_log(pg18: Cluster) -> Iterator[str]:
    """A year of rows: crowded moments, ties, and gaps longer than a window."""
    with fresh(pg18, template(pg18)) as dsn:
        rng = Random(11)
        moments = [NOON - timedelta(seconds=rng.choice([0, 1, 86_400, 3_000_000, 20_000_000]) * rng.random() // 1)
                   for _ in range(700)]  # fmt: skip
        moments += [ago(days=40)] * 60  # more than a page of one moment
        moments += [ago(days=edge) for edge in (1, 3, 7, 30, 90)] * 2  # where windows end
        users(dsn, ana=ANA, ben=BEN)
        write(dsn, (
            event(at, action=rng.choice(ACTIONS), user_id=rng.choice([ANA, BEN, UUID(int=3)]),
                  entity_type=rng.choice(["PATIENT", "TASK"]), entity_id=UUID(int=rng.randrange(70, 80)),
                  emr_system=(system := rng.choice(SYSTEMS)), emr_patient_id=system and f"TP{rng.randrange(9)}",
                  ip_address=rng.choice(["10.2.3.4", "10.3.0.1", "2001:db8::5", "unknown", None, "1.2.3"]),
                  session_id=rng.choice([None, UUID(int=9)]), metadata=rng.choice([None, note(ward="50%_3")]))
            for at in moments
        ))  # fmt: skip
        yield dsn


@fixture(scope="module", loop_scope="module")
async def random_db(random_log: str) -> AsyncIterator[Database]:
    """One connection for whoever only asks: a new one learns of every partition anew."""
    async with Database(target(random_log)) as db:
        yield db


LATE = """extract(hour from created_at at time zone 'UTC') not between 7 and 18
          or extract(isodow from created_at at time zone 'UTC') > 5"""
WHOLE = "created_at <= '2026-03-14 12:00+00'"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("since:all", "true"),
        ("since:all action:view,export", "action in ('VIEW', 'EXPORT')"),
        ("since:all -action:view user:ana", f"action <> 'VIEW' and user_id = '{ANA}'"),
        (f"since:all -user:ana,{UUID(int=3)}", f"user_id not in ('{ANA}', '{UUID(int=3)}')"),
        ("since:all user:nobody", "false"),
        ("since:all system:epic", "emr_system = 'EPIC'"),
        ("since:all -system:epic", "emr_system is distinct from 'EPIC'"),
        ("since:all ip:10.2.0.0/16,2001:db8::/32", "ip_address in ('10.2.3.4', '2001:db8::5')"),
        ("since:all -ip:10.0.0.0/8", "ip_address not in ('10.2.3.4', '10.3.0.1') or ip_address is null"),
        (f"since:all session:{UUID(int=9)}", f"session_id = '{UUID(int=9)}'"),
        (f"since:all -session:{UUID(int=9)}", "session_id is null"),
        (f"since:all entity:TASK,{UUID(int=71)}", f"entity_type = 'TASK' or entity_id = '{UUID(int=71)}'"),
        (f"since:all id:{UUID(int=71)}", f"entity_id = '{UUID(int=71)}' or request_id = '{UUID(int=71)}'"),
        (f"since:all -id:{UUID(int=71)}", f"entity_id <> '{UUID(int=71)}'"),
        ('since:all "50%_"', "metadata is not null"),
        ('since:all -"50%_"', "metadata is null"),
        ("since:all after-hours", LATE),
        ("since:all patient:TP3", "emr_patient_id = 'TP3'"),
        ("since:all -patient:TP3", "emr_patient_id is distinct from 'TP3'"),
        ("since:2026-03-07", "created_at >= '2026-03-07 00:00+00'"),  # half a day behind the end of a window
        ("since:2026-02-01", "created_at >= '2026-02-01 00:00+00'"),
        ("", "created_at >= '2026-03-14 12:00+00'::timestamptz - interval '30 days'"),
    ],
)  # fmt: skip
@in_the_connection_s_loop
async def test_every_search_equals_one_statement(
    random_db: Database, random_log: str, text: str, condition: str
) -> None:
    """In pages of a few rows, and all at once."""
    by_statement = by_hand(random_log, f"{WHOLE} and ({condition})")
    for most in (31, 1000):
        assert ids(await walked(random_db, f"{text} {UNTIL}", most)) == by_statement


@in_the_connection_s_loop
async def test_pages_of_one_row(random_db: Database, random_log: str) -> None:
    found = await walked(random_db, f"since:2026-02-02T11:00 action:view {UNTIL}", 1)
    assert ids(found) == by_hand(random_log, f"{WHOLE} and created_at >= '2026-02-02 11:00+00' and action = 'VIEW'")


@in_the_connection_s_loop
async def test_names_and_masks(random_db: Database) -> None:
    found = await walked(random_db, f"since:all {UNTIL}", 500)
    assert {row.user for row in found} == {"ana", "ben", None}
    assert {row.ip for row in found} == {"10.2.3.0/24", "10.3.0.0/24", "***", None}
    assert {row.patient for row in found} == {"***", None}


@pytest.mark.parametrize("text", ["", f"user:{ANA}"])
async def test_rows_that_come_meanwhile(pg18_migrated: str, text: str) -> None:
    """Anywhere: what was there is found once and in order, and nothing that is newer than the search."""
    write(pg18_migrated, (event(ago(hours=n)) for n in range(40)))
    before = by_hand(pg18_migrated, "true")
    rng = Random(5)
    async with Database(target(pg18_migrated)) as db:
        ready = await search.ready(db, f"since:all {text} {UNTIL}")
        page: Page | None = None
        found: list[Event] = []
        while page is None or page.following:
            page = await walk.page(db, ready, 7, page.following if page else None)
            found += page.rows
            write(pg18_migrated, [event(NOON + timedelta(hours=rng.uniform(-40, 40))) for _ in range(9)])
    assert [row.id for row in found if row.id in before] == before
    assert len(found) == len({row.id for row in found}) > len(before)
    assert found == sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)
    assert found[0].created_at <= NOON


@in_the_connection_s_loop
@pytest.mark.parametrize("ahead", [8, *(pytest.param(most, marks=pytest.mark.long) for most in (20, 100))])
async def test_however_far_it_reads_ahead(
    random_db: Database, random_log: str, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(walk, "AHEAD", ahead)
    found = await walked(random_db, f"since:all user:ana {UNTIL}")
    assert ids(found) == by_hand(random_log, f"{WHOLE} and user_id = '{ANA}'")


async def test_where_there_is_no_row(pg18_migrated: str) -> None:
    """In an empty log, and before the first row."""
    async with Database(target(pg18_migrated)) as db:
        assert await walked(db, "since:all") == []
        write(pg18_migrated, [event(NOON)])
        ready = await search.ready(db, "since:all until:2020-01-01")
        page = await walk.page(db, ready, 5)
    assert (page.rows, page.complete, page.searched_from) == ((), True, ready.search.until)


async def test_without_an_audit_log(pg18_database: str) -> None:
    async with Database(target(pg18_database)) as db:
        with pytest.raises(Unsupported, match="There is no audit log in test_"):
            await walked(db, "")


async def test_rows_in_the_default_partition_are_found(pg18_migrated: str) -> None:
    """Of any age: then no partition's bound tells where the log begins."""
    old = event(ago(days=5000))
    with psycopg.connect(pg18_migrated, autocommit=True) as connection:
        connection.cursor().execute(
            "insert into audit_logs (id, created_at, action, entity_type, entity_id, user_id, changes, request_id)"
            " values (%(id)s, %(created_at)s, 'VIEW', 'PATIENT', %(entity_id)s, %(user_id)s, '{}', %(request_id)s)",
            old,
        )
    async with Database(target(pg18_migrated)) as db:
        assert ids(await walked(db, "since:all")) == [old["id"]]


@pytest.mark.parametrize("forged", ["0044-03-15 BC", "0001-01-05", "12000-01-01"])
async def test_a_row_with_a_moment_of_its_own_choice_hides_no_other(pg18_migrated: str, forged: str) -> None:
    """Somebody writes a row from before all clocks: the walk goes on to the first row, and histograms count it."""
    write(pg18_migrated, [event(ago(days=400), action="EXPORT"), event(ago(days=1))])
    columns = "id, action, entity_type, entity_id, user_id, changes, request_id"
    with psycopg.connect(pg18_migrated, autocommit=True) as owner:
        owner.execute(
            f"insert into audit_logs ({columns}, created_at) select gen_random_uuid(), action, entity_type, entity_id,"
            f" user_id, changes, request_id, '{forged} UTC'::timestamptz from audit_logs limit 1"
        )
    async with Database(target(pg18_migrated)) as db:
        found = await walked(db, f"since:all {UNTIL} action:export")
        _, bars = await overview.histogram(db, await search.ready(db, f"since:all {UNTIL} action:export"), 40)
    assert ago(days=400) in [row.created_at for row in found]
    assert sum(bar.events for bar in bars) == len(found)


async def test_a_role_is_found_by_what_it_is_called(pg18_migrated: str) -> None:
    """As it stands in the rows: whoever uses a console without being a user of the platform."""
    write(pg18_migrated, [event(ago(days=1), user_id=id_of("postgres")), event(ago(days=1))])
    async with Database(target(pg18_migrated)) as db:
        found = await walked(db, f'user:"role postgres" {UNTIL}')
        nobody = await search.ready(db, 'user:"role of a nurse"')
    assert [row.user for row in found] == ["role postgres"]
    assert nobody.remarks == ["Nobody of the users is called ***urse."]


async def test_a_number_that_no_patient_has_is_said_to_be_one(pg18_migrated: str) -> None:
    async with Database(target(pg18_migrated)) as db:
        said = (await search.ready(db, 'patient:"TEST-1 %\'"')).remarks
    assert said == ["No patient has the number or id ***1 %'; only rows that name it themselves are found."]


async def test_a_search_can_be_cancelled_and_the_next_one_works(random_log: str) -> None:
    async with Database(target(random_log)) as db:
        for _ in range(20):
            task = asyncio.create_task(walked(db, f"since:all {UNTIL}", 3))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert len(await walked(db, f"since:all {UNTIL}", 500)) == 770


async def test_bulk_is_many_patients_of_one_user_in_one_hour(pg18_migrated: str) -> None:
    many = [
        event(ago(minutes=70) + timedelta(seconds=n), emr_system="EPIC", emr_patient_id=f"TP{n}", user_id=BEN)
        for n in range(30)
    ]
    few = [event(ago(minutes=70), emr_system="EPIC", emr_patient_id=f"TP{n}") for n in range(29)]
    write(pg18_migrated, [*many, *few])
    async with Database(target(pg18_migrated)) as db:
        assert set(ids(await walked(db, f"bulk {UNTIL}"))) == {row["id"] for row in many}
        assert set(ids(await walked(db, f"-bulk {UNTIL}"))) == {row["id"] for row in few}


async def test_hostile_words_find_what_they_say(pg18_migrated: str) -> None:
    """Quotes, signs of LIKE, SQL and letters of all kinds are only letters; who is unknown finds nobody."""
    odd = ("O'Neil", "50%_", "Žofie ☃", "x'; drop table audit_logs; --", "a\\b", "%", "Ω,1")
    write(pg18_migrated, [event(ago(minutes=n), id=UUID(int=n), emr_patient_id=word) for n, word in enumerate(odd, 1)])
    span = "since:2026-03-01 until:2026-03-14T12:00"
    async with Database(target(pg18_migrated)) as db:
        for n, word in enumerate(odd, 1):
            assert [row.id.int for row in await walked(db, f"patient:{quoted(word)} {span}")] == [n]
        assert await walked(db, f"user:{quoted(odd[3])} {span}") == []
        assert (await search.ready(db, f"user:{quoted(odd[3])}")).unknown == (odd[3],)
        asked = await search.ready(db, span)
        for _ in range(10):
            task = asyncio.create_task(walk.page(db, asked, 50))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert len((await walk.page(db, asked, 50)).rows) == len(odd)
