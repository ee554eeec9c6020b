"""What a stranger has put in place beforehand is neither read nor written: nothing of his ever runs with our rights."""

from pathlib import Path

import pytest

from console.db.session import Session
from console.errors import Exit, Refused
from console.migrate import trust
from console.migrate.backup import snapshot
from console.migrate.files import default_folder, read_folder
from console.migrate.plan.requested import Wanted, planned
from console.migrate.verify import verify_applied
from console.services.verification.service import verify as everything
from tests.migrate.servers import on_both
from tests.migrate.strangers import Stranger, refused, strange
from tests.migrate.working import ask, go_down, go_up, one, read_status, states, tables, write_tables
from tests.targets import target


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
    with refused("A stranger's code could run with your rights here"):
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


FITS_EVERYTHING = """
create function {trap} returns text language plpgsql as
    'begin perform pg_catalog.nextval(''public.sprung''); return null; end'
"""
FUNCTIONS = (
    "jsonb_object_agg(text, text)", "unnest(text[])", "has_table_privilege(regclass, text)", "quote_ident(name)",
    "pg_try_advisory_lock(integer, smallint)", "set_config(text, text, integer)", "to_jsonb(record)",
)  # fmt: skip
OPERATORS = (("~~", "name", "name"), ("=", "oid", "integer"), ("=", "name", "text"), ("->>", "jsonb", "name"))


async def test_nobody_elses_code_runs_before_it_is_known_to_be_there(stranger: Stranger, tmp_path: Path) -> None:
    """Where a session's search path is not ours, also the first questions could be answered by a stranger."""
    write_tables(tmp_path, "first")
    for trap in FUNCTIONS:
        stranger.run(FITS_EVERYTHING.format(trap=f"public.{trap}"))
    for number, (sign, left, right) in enumerate(OPERATORS):
        stranger.run(FITS_EVERYTHING.format(trap=f"public.fits{number}({left}, {right})").replace("text l", "bool l"))
        stranger.run(f"create operator public.{sign} (leftarg={left}, rightarg={right}, function=public.fits{number})")
    there = target(stranger.dsn)
    for action in (
        go_up(stranger.dsn, tmp_path),
        go_down(stranger.dsn, tmp_path),
        planned(there, read_folder(tmp_path), Wanted()),
        everything(there, read_folder(tmp_path)),
        trust.opened(there, "act", settings={}),
        snapshot.opened(there, None).__aenter__(),
    ):
        with refused("A stranger's code could run with your rights here"):
            await action
    assert await states(stranger.dsn, tmp_path) == {"001": "pending"}
    assert not stranger.caught


async def test_our_tables_are_made_in_public_or_nowhere(pg18_database: str) -> None:
    """A schema called like the role comes first for everybody: 001 would be made there, and 002 not find it."""
    ask(pg18_database, "create schema postgres")
    with refused("Schema postgres comes before public on the search path of postgres") as caught:
        await go_up(pg18_database, default_folder())
    assert tables(pg18_database) == []
    ask(pg18_database, caught.value.hint.partition(": ")[2])
    assert (await go_up(pg18_database, default_folder())).done == ["001", "002", "003", "004", "005"]


async def test_a_strangers_schema_on_the_search_path_is_refused(stranger: Stranger, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    stranger.run("create schema postgres; create table postgres.first (id int check (spring(id)))")
    with refused(f"schema postgres belongs to {stranger.name} and is on the search path"):
        await go_up(stranger.dsn, tmp_path)
    assert not stranger.caught
