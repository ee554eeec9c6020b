"""What a stranger has put in place beforehand is neither read nor written: nothing of his ever runs with our rights."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from console.db.session import Session
from console.demo.server import Cluster
from console.errors import Exit, Refused
from console.migrate import ledger
from console.migrate.files import read_folder
from console.migrate.reports import Event
from console.migrate.verify import verify_applied
from tests.fixtures.databases import fresh
from tests.migrate.servers import on_both
from tests.migrate.test_knex import KNEX, is_locked, names
from tests.migrate.working import Told, ask, go_down, go_up, one, read_status, states, tables, write_tables
from tests.targets import target

TRAP = """
create sequence sprung; -- what a transaction that is rolled back has done to it stays
grant usage on sequence sprung to public;
create function spring() returns trigger language plpgsql as $$
begin
    perform nextval('public.sprung');
    return coalesce(new, old);
end $$;
create function spring(anyelement) returns boolean language plpgsql as
    'begin perform nextval(''public.sprung''); return true; end';
"""


class Stranger:
    """A role that may create what it likes in one database, and has a trap there."""

    def __init__(self, dsn: str, name: str) -> None:
        self.dsn = dsn
        self.name = name

    def run(self, statement: str) -> None:
        """Do something under this role."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f"set session authorization {self.name}; {statement}".encode())

    def begin_anew(self) -> None:
        """Have the rights and the trap, and nothing of what was there before."""
        database = conninfo_to_dict(self.dsn)["dbname"]
        ask(
            self.dsn,
            f"drop owned by {self.name} cascade; grant create on database {database} to {self.name};"
            f" grant create on schema public to {self.name}; grant pg_monitor to {self.name};"
            f" set session authorization {self.name}; {TRAP}",
        )

    def make_ledger(self) -> None:
        """A ledger as the engine would make it, with a trap on each table."""
        self.run(ledger.BOOTSTRAPS[0].text().replace("grant select on", "grant all on"))
        for table in ("meta", "run", "migration", "event"):
            self.trap(f"emr_console.{table}")

    def trap(self, table: str) -> None:
        """Hang the trap on a table."""
        when = "before insert or update or delete"
        self.run(f"create trigger a {when} on {table} for each row execute function spring()")

    @property
    def caught(self) -> bool:
        """Whether the trap was ever sprung."""
        return bool(one(self.dsn, "select is_called from sprung"))


@contextmanager
def strange(dsn: str) -> Iterator[Stranger]:
    """One of that database."""
    found = Stranger(dsn, f"stranger_of_{conninfo_to_dict(dsn)['dbname']}")
    ask(dsn, f"create role {found.name} login")
    found.begin_anew()
    try:
        yield found
    finally:
        ask(dsn, f"drop owned by {found.name} cascade; drop role {found.name}")


@pytest.fixture(scope="module")
def _lasting(cluster: Cluster) -> Iterator[Stranger]:
    with fresh(cluster) as dsn, strange(dsn) as stranger:
        yield stranger


@pytest.fixture
def stranger(_lasting: Stranger) -> Stranger:
    """One in a database of the module, where the engine is refused and leaves nothing; he begins anew in each test."""
    _lasting.begin_anew()
    return _lasting


@pytest.fixture
def beside(database: str) -> Iterator[Stranger]:
    """One beside whom the engine does its work."""
    with strange(database) as stranger:
        yield stranger


def refused(*said: str) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    """Expects the refusal that says so."""
    return pytest.raises(Refused, match=".*".join(said))


async def verify(dsn: str, folder: Path) -> None:
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        await verify_applied(session, read_folder(folder))


async def test_a_schema_that_was_there_before(stranger: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    stranger.run("create schema emr_console")
    with refused(f"schema emr_console belongs to {stranger.name}") as caught:
        await go_up(stranger.dsn, tmp_path)
    assert caught.value.exit == Exit.REFUSED
    assert "migrate.role" in caught.value.hint
    assert tables(stranger.dsn) == []


async def test_a_ledger_that_was_there_before(stranger: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    stranger.make_ledger()
    for action in (
        go_up(stranger.dsn, tmp_path),
        go_down(stranger.dsn, tmp_path),
        verify(stranger.dsn, tmp_path),
    ):
        with refused("schema emr_console", "and [0-9]+ more"):
            await action
    found = await read_status(stranger.dsn, tmp_path)
    assert [row.state for row in found.rows] == ["unknown"]
    assert f"schema emr_console belongs to {stranger.name}" in str(found.note)
    assert found.exit == Exit.FINDINGS
    assert not stranger.caught
    assert tables(stranger.dsn) == []


async def test_not_even_reading_runs_what_a_stranger_wrote(stranger: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    stranger.run("create schema emr_console; create view emr_console.meta as select 1 as version where spring(1)")
    assert (await states(stranger.dsn, tmp_path)) == {"001": "unknown"}
    assert not stranger.caught


BETTER_FITS = """
create function same(oid, regclass) returns boolean language plpgsql as
    'begin perform nextval(''public.sprung''); return $1 operator(pg_catalog.=) $2::oid; end';
create operator public.= (leftarg = oid, rightarg = regclass, function = same);
create function field(jsonb, jsonb) returns text language plpgsql as
    'begin perform nextval(''public.sprung''); return null; end';
create operator public.->> (leftarg = jsonb, rightarg = jsonb, function = field);
create function to_jsonb(pg_auth_members) returns jsonb language plpgsql as
    'begin perform nextval(''public.sprung''); return ''{}''; end';
create function jsonb_build_object(text, text, text, text, text, name) returns jsonb language plpgsql as
    'begin perform nextval(''public.sprung''); return ''{}''; end';
"""


@on_both
async def test_the_question_itself_is_asked_of_postgresql(stranger: Stranger, tmp_path: Path) -> None:
    """An operator or a function in public that fits the types better than PostgreSQL's would answer instead."""
    write_tables(tmp_path, "first")
    ask(stranger.dsn, f"create role {stranger.name}s_guest in role {stranger.name}")
    stranger.run("create schema emr_console")
    stranger.run(BETTER_FITS)
    assert await states(stranger.dsn, tmp_path) == {"001": "unknown"}
    with refused("schema emr_console"):
        await go_up(stranger.dsn, tmp_path)
    assert not stranger.caught
    ask(stranger.dsn, f"drop role {stranger.name}s_guest")


@pytest.mark.parametrize(
    ("grant", "attach", "said"),
    [
        ("grant usage, create on schema emr_console", "create table emr_console.more ()", "table emr_console.more"),
        pytest.param(
            "grant usage, create on schema emr_console",
            "create function emr_console.f() returns int return 1",
            r"function emr_console.f\(\)",
            marks=pytest.mark.long,
        ),
        (
            "grant trigger on emr_console.run",
            "create trigger a before insert on emr_console.run for each row execute function spring()",
            "trigger a on emr_console.run runs a function of stranger",
        ),
    ],
)
async def test_what_a_stranger_added_to_our_ledger(
    with_first: str, tmp_path: Path, grant: str, attach: str, said: str
) -> None:
    write_tables(tmp_path, "first", "second")
    with strange(with_first) as stranger:
        ask(with_first, f"{grant} to {stranger.name}")
        stranger.run(attach)
        with refused(said):
            await go_up(with_first, tmp_path)
        assert not stranger.caught


async def test_the_owners_one_has_reason_to_trust(beside: Stranger, tmp_path: Path) -> None:
    """The profile's role, the database's owner, a role that one was made a member of."""
    dsn, name = beside.dsn, beside.name
    write_tables(tmp_path, "first", "second")
    assert (await go_up(dsn, tmp_path, to="001", role=name)).done == ["001"]
    with refused("schema emr_console belongs to"):
        await go_up(dsn, tmp_path)
    ask(dsn, f"grant {name} to postgres")
    assert await states(dsn, tmp_path) == {"001": "applied", "002": "pending"}
    ask(dsn, f"revoke {name} from postgres; alter database {one(dsn, 'select current_database()')} owner to {name}")
    assert await states(dsn, tmp_path) == {"001": "applied", "002": "pending"}
    ask(dsn, f"alter database {one(dsn, 'select current_database()')} owner to postgres")
    assert await states(dsn, tmp_path) == {"001": "unknown", "002": "unknown"}
    async with await Session.open(target(dsn), "query", read_only=True) as session:
        assert all(check.ok for check in await verify_applied(session, read_folder(tmp_path), role=name))


async def test_who_only_administers_a_role_does_not_trust_it(pg18_database: str, tmp_path: Path) -> None:
    """Whoever creates a role gets it WITH ADMIN without having asked for it, since 16."""
    write_tables(tmp_path, "first")
    with strange(pg18_database) as stranger:
        stranger.run("create schema emr_console")
        ask(pg18_database, f"grant {stranger.name} to postgres with admin true, inherit false, set false")
        with refused("schema emr_console"):
            await go_up(pg18_database, tmp_path)


async def test_plain_tables_of_knex_may_belong_to_the_application(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    beside.run(KNEX)
    assert (await go_up(beside.dsn, tmp_path)).error is None
    assert names(beside.dsn) == [("001_first.ts", 1)]
    assert (await go_down(beside.dsn, tmp_path)).error is None
    assert names(beside.dsn) == []


@pytest.mark.parametrize(
    "change",
    [
        "create trigger a before insert on knex_migrations for each row execute function spring()",
        "create trigger a before update on knex_migrations_lock for each row execute function spring()",
        "create rule a as on insert to knex_migrations do also select spring(1)",
        "alter table knex_migrations add check (spring(id))",
        "alter table knex_migrations add more boolean default spring(1)",
        "alter table knex_migrations_lock enable row level security",
        "create function calm(int) returns int immutable return $1; create index on knex_migrations (calm(id))",
        "create table watching (id int references knex_migrations on delete cascade)",
        "create domain d as int check (spring(value)); alter table knex_migrations add more d",
        "create table child () inherits (knex_migrations)",
        "drop table knex_migrations; create view knex_migrations as select '001_x'::text as name, 1 as batch, 1 as id",
    ],
)
async def test_tables_of_knex_that_are_more_than_plain(stranger: Stranger, tmp_path: Path, change: str) -> None:
    write_tables(tmp_path, "first")
    stranger.run(f"{KNEX}; {change}")
    with refused("(table|view) public.knex_migrations.* belongs to stranger.* and is more than a plain table"):
        await go_up(stranger.dsn, tmp_path)
    assert await states(stranger.dsn, tmp_path) == {"001": "unknown"}
    assert not stranger.caught


async def test_our_own_table_of_knex_with_a_strangers_trigger(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(beside.dsn, f"{KNEX}; grant all on knex_migrations to {beside.name}")
    beside.trap("knex_migrations")
    with refused("trigger a on public.knex_migrations runs a function of stranger"):
        await go_up(beside.dsn, tmp_path)
    assert not beside.caught


async def test_our_own_table_of_knex_with_our_own_trigger(beside: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    ask(beside.dsn, f"{KNEX}; create table seen (name text); grant all on knex_migrations to public")
    ask(
        beside.dsn,
        "create function notice() returns trigger language plpgsql as"
        " 'begin insert into public.seen values (new.name); return null; end';"
        " create trigger a after insert on knex_migrations for each row execute function notice()",
    )
    assert (await go_up(beside.dsn, tmp_path)).error is None
    assert ask(beside.dsn, "select name from seen") == [("001_first.ts",)]


@pytest.mark.parametrize("table", ["knex_migrations", "knex_migrations_lock"])
async def test_a_trap_that_is_set_while_the_engine_runs(beside: Stranger, tmp_path: Path, table: str) -> None:
    """The owner of the table sees in pg_stat_activity that a migration has begun."""
    write_tables(tmp_path, "first")
    beside.run(KNEX)

    class Waiting(Told):
        def append(self, event: Event) -> None:
            super().append(event)
            if event.event == "migration":
                beside.trap(table)

    result = await go_up(beside.dsn, tmp_path, told := Waiting())
    assert isinstance(result.error, Refused)
    assert result.done == []
    assert tables(beside.dsn) == ["knex_migrations", "knex_migrations_lock"]
    assert not beside.caught
    assert "The end of the run could not be written" in str(told.of("note")[-1].message)
    assert is_locked(beside.dsn) == 1


async def test_a_strangers_operator_runs_in_no_migration(stranger: Stranger, tmp_path: Path) -> None:
    stranger.run(
        "create function public.same(oid, regclass) returns boolean language sql as"
        " 'select nextval(''public.sprung'') > 0'; create operator public.= (leftarg = oid, rightarg = regclass,"
        " function = public.same)"
    )
    write_tables(tmp_path, "first")
    with pytest.raises(Refused, match="has the name of one of PostgreSQL's own") as caught:
        await go_up(stranger.dsn, tmp_path)
    assert caught.value.exit == Exit.REFUSED
    assert stranger.name in caught.value.sentence()
    assert await states(stranger.dsn, tmp_path) == {"001": "pending"}
    assert not stranger.caught
