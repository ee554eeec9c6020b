"""Seals: what is changed, removed or put in is found on its day, whatever the server; late rows are told apart."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest

from console.db.database import LANES
from console.db.session import Session
from console.demo.server import Cluster
from console.errors import ConsoleError, NoPrivilege, Unsupported
from console.services.audit.sealing import service, verifying
from console.services.audit.sealing.verifying import Verified
from tests.fixtures.databases import fresh, template
from tests.fixtures.running import complete
from tests.migrate.servers import copied, on_both
from tests.migrate.working import ask, one
from tests.services.audit.logging import event, write
from tests.targets import target

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
STRANGE = ('a"b\\c', "ünï ☃ \x1b[2J", "{}[],null", "")
"""Texts that an ambiguous spelling of rows would mix up."""


@asynccontextmanager
async def acting(dsn: str) -> AsyncIterator[Session]:
    """A session that may seal."""
    async with await Session.open(target(dsn), "act", settings=LANES["act"] | service.SETTINGS) as session:
        yield session


def fill(dsn: str, days: int = 12) -> None:
    """Some rows a day, two days none, up to today; and details of them."""
    rows = [
        event(
            TODAY - days * DAY + n * timedelta(hours=7, microseconds=n),
            id=UUID(int=n + 1),
            user_agent=STRANGE[n % 4],
            emr_patient_id=[None, "", "E-1", "null"][n % 4],
            metadata=[None, "null", '{"b": 1.50, "a": [1e3]}', '"x"'][n % 4],
        )
        for n in range(int(days * 24 / 7))
        if n * 7 // 24 != 2
    ]
    write(dsn, rows)
    ask(
        dsn,
        "insert into audit_log_details (audit_log_id, audit_log_created_at, previous_state, new_state, created_at, "
        "performance_metrics) select id, created_at, changes, metadata, created_at, array[changes, null] "
        "from audit_logs",
    )


async def sealed(dsn: str) -> None:
    async with acting(dsn) as session:
        await service.seal(session)


async def verified(dsn: str, expected: str | None = None) -> Verified:
    async with await Session.open(target(dsn), "query", settings=service.SETTINGS, read_only=True) as session:
        return await verifying.verify(session, expected=expected)


@pytest.fixture(scope="module")
def filled_and_sealed(pg18: Cluster) -> Iterator[str]:
    """A log whose closed days are sealed, to be copied."""
    with fresh(pg18, template(pg18)) as dsn:
        fill(dsn)
        complete(sealed(dsn))
        yield dsn


@pytest.fixture
def sealed_log(pg18: Cluster, filled_and_sealed: str) -> Iterator[str]:
    """A copy of it."""
    with copied(pg18, filled_and_sealed) as dsn:
        yield dsn


def by_force(dsn: str, *statements: str) -> None:
    """What an owner can do who takes the triggers off."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def found(result: Verified) -> list[tuple[str, date | None, str]]:
    return [(finding.table, finding.day, finding.state) for finding in result.findings]


async def test_every_closed_day_once(migrated: str) -> None:
    fill(migrated)
    async with acting(migrated) as session:
        done, kept = await service.seal(session)
        assert kept.place == "emr_console.event"
        assert [(each.table, each.days, each.last) for each in done] == [
            (table, 10, (TODAY - 3 * DAY).date()) for table in service.COLUMNS
        ]
        again, _ = await service.seal(session)
        assert [each.days for each in again] == [0, 0]
    assert one(migrated, "select count(*) from emr_console.event where kind = 'audit.seal'") == 1
    assert one(migrated, "select count(*) from emr_console.seal where rows = 0") == 2
    result = await verified(migrated)
    assert result.findings == []
    counted = "select count(*) from {} where created_at < date_trunc('day', now(), 'UTC') - interval '48 hours'"
    assert [(each.seals, each.rows) for each in result.chains] == [
        (10, one(migrated, counted.format(table))) for table in service.COLUMNS
    ]


@on_both
async def test_the_hash_can_be_made_without_us(migrated: str) -> None:
    """Format 1, spelled out: whoever doubts this program can write his own."""
    fill(migrated)
    await sealed(migrated)
    rows = ask(
        migrated,
        "select created_at, id::text, extract(epoch from created_at)::text, action, entity_type, entity_id::text, "
        "user_id::text, changes::text, ip_address, user_agent, session_id::text, emr_system, emr_patient_id, "
        "emr_context::text, request_id::text, metadata::text from audit_logs order by created_at, id",
    )
    assert rows
    for day, content in ask(migrated, "select day, content from emr_console.seal where table_name = 'audit_logs'"):
        hours: dict[int, list[bytes]] = {}
        for at, *cells in rows:
            if at.astimezone(UTC).date() == day:
                text = json.dumps(cells, ensure_ascii=False)
                hours.setdefault(at.astimezone(UTC).hour, []).append(sha256(text.encode()).digest())
        whole = b"".join(len(h).to_bytes(8) + sha256(b"".join(h)).digest() for _, h in sorted(hours.items()))
        assert sha256(whole).hexdigest() == content


@pytest.mark.parametrize("table", service.COLUMNS)
async def test_changed_removed_and_put_in_are_found_on_their_days(migrated: str, table: str) -> None:
    fill(migrated)
    await sealed(migrated)
    first = one(migrated, f"select min(created_at) from {table}")
    value = "user_agent = 'x'" if table == "audit_logs" else "new_state = '{}'"
    spot = f"from {table} where created_at >= '{first + 6 * DAY}' order by created_at limit 1"
    by_force(
        migrated,
        f"update {table} set {value} where created_at = '{first}'",
        f"delete from {table} where (id, created_at) = (select id, created_at {spot})",
        f"create table one as select * from {table} where created_at = '{first}'",
        f"update one set id = gen_random_uuid(), created_at = '{TODAY - 4 * DAY + timedelta(hours=1)}'",
        f"insert into {table} select * from one",
    )
    result = await verified(migrated)
    gone = (first + 6 * DAY).astimezone(UTC).date()
    assert found(result) == [
        (table, first.astimezone(UTC).date(), "changed"),
        (table, gone, "removed"),
        (table, (TODAY - 4 * DAY).date(), "late"),
    ]
    assert not result.intact
    changed, removed, late = result.findings
    assert [(f.rows_now or 0) - (f.rows_sealed or 0) for f in (changed, removed, late)] == [0, -1, 1]
    assert [row.created_at for row in changed.later] == [first]
    assert [row.created_at for row in late.later] == [TODAY - 4 * DAY + timedelta(hours=1)]


async def test_a_row_that_takes_the_place_of_another(sealed_log: str) -> None:
    first = one(sealed_log, "select min(created_at) from audit_logs")
    by_force(sealed_log, f"delete from audit_logs where created_at = '{first}'")
    write(sealed_log, [event(first), event(first + timedelta(minutes=1))])
    assert found(await verified(sealed_log)) == [("audit_logs", first.date(), "changed")]


async def test_late_rows_are_listed_apart_and_leave_the_sealed_ones_proved(sealed_log: str) -> None:
    write(sealed_log, [event(TODAY - 5 * DAY, id=UUID(int=n)) for n in (901, 902)])
    write(sealed_log, [event(TODAY - 40 * DAY)])
    result = await verified(sealed_log)
    assert found(result) == [
        ("audit_logs", (TODAY - 40 * DAY).date(), "unsealed"), ("audit_logs", (TODAY - 5 * DAY).date(), "late"),
    ]  # fmt: skip
    assert result.intact, "what no seal is over breaks none"
    assert [row.id.int for row in result.findings[1].later] == [901, 902]
    assert "UTC: 2. The" in result.findings[1].sentence
    by_force(sealed_log, "create table copy as select * from audit_logs", "truncate audit_logs",
             "insert into audit_logs select * from copy")  # fmt: skip
    assert found(await verified(sealed_log))[1:] == [("audit_logs", (TODAY - 5 * DAY).date(), "late")]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update emr_console.seal set rows = rows + 1 where number = 4", "not the hash of what it says"),
        ("update emr_console.seal set day = '0001-01-01' where number = 4", "not the hash of what it says"),
        ("delete from emr_console.seal where number = 4", "seals are missing before it"),
        ("delete from emr_console.seal where number > 8", "of which an event tells, is not there"),
        ("delete from emr_console.seal", "of which an event tells, is not there"),
    ],
)
async def test_a_chain_that_somebody_has_touched(sealed_log: str, statement: str, said: str) -> None:
    before = await verified(sealed_log)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(sealed_log, statement)
    by_force(sealed_log, statement)
    result = await verified(sealed_log)
    assert not result.intact
    assert any(said in finding.sentence for finding in result.findings if finding.state == "chain")
    assert len(before.seals) == 20


async def test_a_chain_made_anew_differs_from_one_that_was_kept_elsewhere(sealed_log: str) -> None:
    known = {"audit_logs": {seal.number: seal.seal for seal in (await verified(sealed_log)).seals[:10]}}
    first = one(sealed_log, "select min(created_at) from audit_logs")
    by_force(sealed_log, f"delete from audit_logs where created_at = '{first}'", "delete from emr_console.seal",
             "delete from emr_console.event")  # fmt: skip
    await sealed(sealed_log)
    assert (await verified(sealed_log)).findings == []
    async with acting(sealed_log) as session:
        result = await verifying.verify(session, known)
    assert len(result.findings) == 10
    assert result.findings[0].sentence == "Seal 1 of audit_logs is another one than in the file."


async def test_a_day_that_retention_drops_keeps_its_seal(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two rows that were kept long enough and one that was not; days since then are not sealed here."""
    old, young = TODAY - 2_210 * DAY, TODAY - 2_180 * DAY
    monkeypatch.setattr(service, "OPEN", 2_175 * DAY)
    write(pg18_migrated, [event(old), event(old + 9 * DAY), event(young)])
    await sealed(pg18_migrated)
    by_force(pg18_migrated, f"delete from audit_logs where created_at < '{young}'")
    assert [finding.state for finding in (await verified(pg18_migrated)).findings] == ["removed", "removed"]
    async with acting(pg18_migrated) as session:
        done, _ = await service.seal(session)
    retired = one(pg18_migrated, "select count(*) from emr_console.seal where retired_at is not null")
    assert [each.retired for each in done] == [retired, 0]
    result = await verified(pg18_migrated)
    assert result.findings == []
    assert result.chains[0].retired == retired
    by_force(pg18_migrated, f"delete from audit_logs where created_at <= '{young}'")
    async with acting(pg18_migrated) as session:
        await service.seal(session)
    assert [finding.state for finding in (await verified(pg18_migrated)).findings] == ["removed"]
    by_force(pg18_migrated, f"update emr_console.seal set retired_at = now(), retired_by = 'x' "
                            f"where day = '{young.date()}'")  # fmt: skip
    assert [finding.state for finding in (await verified(pg18_migrated)).findings] == ["retired early"]


async def test_two_runners_seal_each_day_once(pg18_migrated: str) -> None:
    fill(pg18_migrated)
    async with acting(pg18_migrated) as one_of_them, acting(pg18_migrated) as other:
        from console.services.alone import alone

        async with alone(one_of_them, service.SEALING):
            with pytest.raises(ConsoleError, match="is sealing the audit log here"):
                await service.seal(other)
        await service.seal(other)
        await service.seal(one_of_them)
    assert (await verified(pg18_migrated)).findings == []


async def test_who_does_not_see_every_row_or_column_seals_nothing(pg18_migrated: str) -> None:
    fill(pg18_migrated)
    role = one(pg18_migrated, "select 'ward_' || current_database()")
    ask(pg18_migrated, f"create role {role}; grant usage, create on schema public to {role}")
    try:
        await sealed(pg18_migrated)
        ask(pg18_migrated, f"grant select on audit_logs to {role}; grant pg_monitor to {role};"
                           "alter table audit_logs enable row level security")  # fmt: skip
        async with acting(pg18_migrated) as session:
            await session.execute(f"set role {role}")
            with pytest.raises(NoPrivilege):
                await verifying.verify(session)
    finally:
        ask(pg18_migrated, f"drop owned by {role}; drop role {role}")
    ask(pg18_migrated, "alter table audit_logs add column more text")
    async with acting(pg18_migrated) as session:
        with pytest.raises(Unsupported, match=r"columns of public\.audit_logs are not those"):
            await service.seal(session)
