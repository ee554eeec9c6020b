"""What a plan tells is what is there, and what the run then does."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.demo.server import Cluster
from console.errors import ConsoleError, Exit, Refused, UsageError
from console.migrate.files import default_folder, read_folder
from console.migrate.plan.reports import Loss, Plan
from console.migrate.plan.requested import Wanted, planned
from console.migrate.plan.stall import ROWS_PER_SECOND
from console.migrate.selection import Back
from tests.fixtures.databases import fresh, template
from tests.migrate.servers import applied, copied, on_both
from tests.migrate.working import ask, go_down, go_up, one, write
from tests.schema.ladder import Ladder
from tests.targets import target


@pytest.fixture(scope="module")
def filled(cluster: Cluster) -> Iterator[str]:
    """A database with 001-005 and rows in every table, for tests that leave it as it is."""
    with fresh(cluster, template(cluster)) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            ladder = Ladder(connection, dsn)
            ladder.fill("001", "002", "004")
            connection.execute("update tasks set patient_uuid = (select id from patients order by id limit 1)")
            connection.execute("analyze")
        yield dsn


@pytest.fixture
def changeable(cluster: Cluster, filled: str) -> Iterator[str]:
    """A copy of it."""
    with copied(cluster, filled) as dsn:
        yield dsn


@pytest.fixture
def audited(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A database where 001_audit is applied, which makes a table of audit rows."""
    write(tmp_path, "001_audit", up="create table audit_logs (created_at timestamptz)", down="drop table audit_logs")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def ward(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """A database where 001_ward is applied, which makes a table."""
    write(tmp_path, "001_ward", up="create table ward (id int)", down="drop table ward")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


async def plan_down(dsn: str, folder: Path | None = None, **back: object) -> Plan:
    """`migrate plan down`."""
    return await plan(dsn, Wanted(back=Back(**back)), folder)  # type: ignore[arg-type]  # Back's own fields


async def plan(dsn: str, wanted: Wanted, folder: Path | None = None) -> Plan:
    """`migrate plan`."""
    return await planned(target(dsn), read_folder(folder or default_folder()), wanted)


def by_object(plan: Plan) -> dict[str, Loss]:
    """Every loss of a plan."""
    return {loss.object: loss for row in plan.rows for loss in row.loss}


async def test_what_rolling_back_004_destroys(filled: str) -> None:
    found = await plan_down(filled, to="003")
    assert [row.version for row in found.rows] == ["005", "004"]
    lost = by_object(found)
    for table in ("patients", "handover_items", "handover_templates"):
        loss = lost[table]
        assert (loss.kind, loss.rows, loss.exact) == ("table", one(filled, f"select count(*) from {table}"), True)
        assert loss.bytes == one(filled, f"select pg_total_relation_size('{table}')")
        assert loss.newest == one(filled, f"select max(created_at) from {table}")
    assert lost["patients"].phi
    assert not lost["handover_templates"].phi
    column = lost["tasks.patient_uuid"]
    assert (column.kind, column.rows) == ("column", one(filled, "select count(patient_uuid) from tasks"))
    assert column.rows
    assert lost["tasks_with_patients"].kind == "view"
    assert not any(name.startswith("audit_log") and loss.kind == "table" for name, loss in lost.items())
    assert not any(loss.retention_conflict for loss in lost.values())


async def test_rows_born_since_it_was_applied(changeable: str) -> None:
    ask(changeable, "update emr_console.migration set applied_at = now() - interval '1 hour' where version = '004'")
    ask(changeable, "alter table patients disable trigger user")
    ask(changeable, "update patients set created_at = now() - interval '1 day'")
    young = "update patients set created_at = now() where id = (select id from patients order by id limit 1)"
    ask(changeable, young)
    assert by_object(await plan_down(changeable, to="003"))["patients"].born_since_applied == 1


async def test_everything_goes_but_the_audit_rows(filled: str) -> None:
    lost = by_object(await plan_down(filled, all=True))
    assert {"patients", "tasks", "users", "departments", "shifts", "handovers", "emr_verifications"} <= set(lost)
    assert "audit_logs" not in lost
    assert "audit_log_details" not in lost
    assert "tasks.vector_clock" not in lost  # with its table


async def test_destroyed_audit_rows_conflict_with_their_retention(audited: str, tmp_path: Path) -> None:
    assert not by_object(await plan_down(audited, tmp_path))["audit_logs"].retention_conflict
    ask(audited, "insert into audit_logs values (now() - interval '2556 days')")
    assert not by_object(await plan_down(audited, tmp_path))["audit_logs"].retention_conflict
    ask(audited, "insert into audit_logs values (now() - interval '2554 days')")
    assert by_object(await plan_down(audited, tmp_path))["audit_logs"].retention_conflict


async def test_what_opens_access(pg18_database: str, tmp_path: Path) -> None:
    up = "create table ward (id int); alter table ward enable row level security; create policy own on ward using (1=1)"
    down = "drop policy own on ward; alter table ward disable row level security"
    write(tmp_path, "001_ward", up=up, down=down)
    await go_up(pg18_database, tmp_path)
    lost = by_object(await plan_down(pg18_database, tmp_path))
    assert {name: (loss.kind, loss.opens_access) for name, loss in lost.items()} == {
        "own on ward": ("policy", True),
        "ward": ("row security", True),
    }


async def test_hidden_rows_are_unknown_and_never_none(ward: str, tmp_path: Path) -> None:
    role = one(ward, "select 'reader_' || current_database()")
    ask(ward, f"create role {role} login password 'geheim'")
    try:
        ask(ward, f"grant pg_monitor, pg_read_all_data to {role}")
        ask(ward, "insert into ward values (1)")
        ask(ward, "alter table ward enable row level security")
        goal = target(ward, user=role, password="geheim")
        loss = by_object(await planned(goal, read_folder(tmp_path), Wanted(back=Back())))["ward"]
        assert loss.rows is None
        assert loss.note is not None
        assert "Row security hides rows" in loss.note
    finally:
        ask(ward, f"drop role {role}")


async def test_the_hash_changes_with_the_world(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_ward", up="create table ward (id int)", down="drop table ward")
    write(tmp_path, "002_bed", up="create table bed (id int)", down="drop table bed")
    first = await plan(pg18_database, Wanted(), tmp_path)
    assert (await plan(pg18_database, Wanted(), tmp_path)).sha256 == first.sha256
    assert (await plan(pg18_database, Wanted(to="001"), tmp_path)).sha256 != first.sha256
    ask(pg18_database, "create table somebodys (id int)")
    assert (await plan(pg18_database, Wanted(), tmp_path)).sha256 != first.sha256
    ask(pg18_database, "drop table somebodys")
    assert (await plan(pg18_database, Wanted(), tmp_path)).sha256 == first.sha256
    write(tmp_path, "002_bed", up="create table bed (id int); select 1", down="drop table bed")
    assert (await plan(pg18_database, Wanted(), tmp_path)).sha256 != first.sha256


@on_both
async def test_statements_with_their_locks(database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_ward", up="create table ward as select n::text as name from generate_series(1, 30000) n")
    await go_up(database, tmp_path)
    ask(database, "analyze ward")
    write(tmp_path, "090_wide", up="create table wide (id int);\nalter table wide add a int;\n"
          "alter table ward alter column name type varchar(9) using left(name, 9)")  # fmt: skip
    found = await plan(database, Wanted(), tmp_path)
    (row,) = found.rows
    assert [(each.line, each.kind) for each in row.statements] == [
        (1, "CREATE TABLE"), (2, "ALTER TABLE ADD COLUMN"), (3, "ALTER TABLE ALTER COLUMN TYPE"),
    ]  # fmt: skip
    made, altered, changed = row.statements
    assert (made.locks, altered.locks) == ([], [])
    assert [(lock.table, lock.mode) for lock in changed.locks] == [("ward", "ACCESS EXCLUSIVE")]
    assert changed.rewrite
    assert changed.held == 30_000 / ROWS_PER_SECOND["rewrite"]


async def test_what_is_announced_is_what_goes(changeable: str) -> None:
    """Every table that the plan calls lost is gone afterwards, and every other is there with its rows."""
    lost = {name for name, loss in by_object(await plan_down(changeable, to="003")).items() if loss.kind == "table"}
    before = counted(changeable)
    assert (await go_down(changeable, default_folder(), to="003")).error is None
    after = counted(changeable)
    assert set(before) - set(after) == lost
    assert {name: before[name] for name in after} == after


def counted(dsn: str) -> dict[str, int]:
    """Every table and its rows, partitions with their parents."""
    names = ask(
        dsn,
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p') and not relispartition",
    )
    return {name: one(dsn, f"select count(*) from {name}") for (name,) in names}


async def test_young_audit_rows_are_not_destroyed(audited: str, tmp_path: Path) -> None:
    ask(audited, "insert into audit_logs values (now() - interval '2554 days')")
    with pytest.raises(Refused, match="audit rows of audit_logs that are younger than 2555 days"):
        await go_down(audited, tmp_path)
    assert one(audited, "select count(*) from audit_logs") == 1
    ask(audited, "update audit_logs set created_at = now() - interval '2556 days'")
    assert (await go_down(audited, tmp_path)).done == ["001"]


async def test_a_long_stall_has_to_be_agreed_to(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_ward", up="create table ward as select n::text as name from generate_series(1, 100) n")
    await go_up(pg18_database, tmp_path)
    ask(pg18_database, "analyze ward; update pg_class set reltuples = 3e6 where relname = 'ward'")
    write(tmp_path, "002_type", up="alter table ward alter column name type varchar(9) using left(name, 9)")
    with pytest.raises(Refused, match="002_type would keep writers out for about 10 s") as caught:
        await go_up(pg18_database, tmp_path)
    assert "--accept-stall 10" in caught.value.hint
    assert (await plan(pg18_database, Wanted(), tmp_path)).accept_stall == 10
    with pytest.raises(Refused):
        await go_up(pg18_database, tmp_path, accept_stall=9.0)
    assert (await go_up(pg18_database, tmp_path, accept_stall=10.0)).done == ["002"]


async def test_a_file_may_say_itself_how_long_it_keeps_writers_out(pg18_database: str, tmp_path: Path) -> None:
    """As one whose work is in a function; before its table is there, there is nobody to keep out."""
    write(tmp_path, "001_ward", up="create table ward as select 1 as beds")
    said = "-- emr: stall = select 6.5 * count(*) from ward\n"
    write(tmp_path, "002_grow", up=f"{said}alter table ward add column grown int;\nselect pg_sleep(0)")
    assert [row.held for row in (await plan(pg18_database, Wanted(), tmp_path)).rows] == [0.0, 0.0]
    await go_up(pg18_database, tmp_path, to="001")
    assert (await plan(pg18_database, Wanted(), tmp_path)).rows[0].held == 6.5
    with pytest.raises(Refused, match="002_grow would keep writers out for about"):
        await go_up(pg18_database, tmp_path)
    assert (await go_up(pg18_database, tmp_path, accept_stall=7.0)).done == ["002"]


@pytest.mark.parametrize("answer", ["'6 s'", "now()", "-1", "'nan'::float8", "'inf'::numeric", "true"])
async def test_a_time_that_is_none_is_named_with_its_file(pg18_database: str, tmp_path: Path, answer: str) -> None:
    write(tmp_path, "001_ward", up=f"-- emr: stall = select {answer}\ncreate table ward as select 1 as beds")
    with pytest.raises(UsageError, match=r"^001_ward\.up\.sql: stall answers what is no number of seconds\.$"):
        await plan(pg18_database, Wanted(), tmp_path)


async def test_weeks_of_partitions_take_their_time_although_there_are_few_rows(pg18_migrated: str) -> None:
    """What 005 takes then is the making of its weeks, and their dropping."""
    ask(pg18_migrated, "select audit_ensure_partitions(now() - interval '26 weeks', now())")
    columns, some = "action, entity_type, entity_id, user_id, changes, request_id, created_at", "gen_random_uuid()"
    row = f"'VIEW', 'PATIENT', {some}, {some}, '{{}}', {some}, now() - week * interval '168 hours'"
    ask(pg18_migrated, f"insert into audit_logs ({columns}) select {row} from generate_series(1, 26) as week")
    ask(pg18_migrated, f"insert into audit_logs ({columns}) select {row} from generate_series(500, 600) as week")
    folder = default_folder()
    assert (await plan(pg18_migrated, Wanted(back=Back()), folder)).rows[0].held >= 0.005 * 2 * (26 + 8)
    await go_down(pg18_migrated, folder)
    held = (await plan(pg18_migrated, Wanted(), folder)).rows[0].held
    assert held == pytest.approx(0.016 * (26 + 9), abs=0.1), "rows that go to DEFAULT make no week"


async def test_an_outdated_plan_is_not_run(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_ward", up="create table ward (id int)", down="drop table ward")
    agreed = (await plan(pg18_database, Wanted(), tmp_path)).sha256
    ask(pg18_database, "create table somebodys (id int)")
    with pytest.raises(ConsoleError, match="are not what they were when this plan was made") as caught:
        await go_up(pg18_database, tmp_path, plan=agreed)
    assert caught.value.exit == Exit.PLAN_OUTDATED
    now = (await plan(pg18_database, Wanted(), tmp_path)).sha256
    assert (await go_up(pg18_database, tmp_path, plan=now)).done == ["001"]


async def test_an_outdated_rollback_is_not_run(ward: str, tmp_path: Path) -> None:
    agreed = (await plan_down(ward, tmp_path)).sha256
    ask(ward, "alter table ward add column somebodys int")
    with pytest.raises(ConsoleError, match="are not what they were when this plan was made") as caught:
        await go_down(ward, tmp_path, plan=agreed)
    assert caught.value.exit == Exit.PLAN_OUTDATED
    assert one(ward, "select count(somebodys) from ward") == 0


@pytest.mark.parametrize(
    "down",
    [
        "alter table public.audit_logs rename to old; drop table public.old",
        "create table k (a timestamptz); insert into k (a) select created_at from audit_logs; drop table audit_logs",
        "with x as (delete from audit_logs returning *) select count(*) from x",
        "do $$ begin execute 'truncate audit_logs'; end $$",
    ],
)
async def test_no_spelling_destroys_young_audit_rows(audited: str, tmp_path: Path, down: str) -> None:
    waived = "".join(f'-- emr: waive = {rule} "a test"\n' for rule in ("EM06", "EM20"))
    (tmp_path / "001_audit.down.sql").write_text(waived + down)
    ask(audited, "insert into audit_logs select now() - interval '1 day' from generate_series(1, 3)")
    try:
        result = await go_down(audited, tmp_path)
        assert result.exit == Exit.REFUSED
    except Refused:
        pass
    assert one(audited, "select count(*) from audit_logs") == 3
    assert (await go_up(audited, tmp_path)).done == []
