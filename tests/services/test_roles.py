"""The platform's roles: what is missing is found, mended, and then nothing is missing any more."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.cli.main import run
from console.db.session import Session
from console.errors import ConsoleError, Exit, NoPrivilege
from console.services.roles import service, wanted
from console.services.roles.changes import decide
from console.services.roles.models import Change, Place, Relation, Right, Role
from tests.migrate.servers import on_both
from tests.migrate.working import write
from tests.schema.ladder import VERSIONS, Ladder
from tests.targets import target

HERE = Place(database="hospital", major=18, trigger_owner=None, members=[])
ALL = [Role(name=name, login=login, powers=[]) for name, login in wanted.LOGIN.items()]


def statements(changes: list[Change]) -> list[str]:
    return [change.statement for change in changes]


def table(name: str, **changed: object) -> Relation:
    plain = {"name": name, "owner": "postgres", "owner_superuser": True, "partitioned": False, "strangers": 0}
    return Relation.model_validate(plain | changed)


def given(relations: list[Relation], *, major: int = 18) -> set[Right]:
    return wanted.rights("hospital", [relation.name for relation in relations], major=major)


def test_nothing_to_do() -> None:
    relations = [table("users"), table("audit_logs")]
    assert decide(HERE, ALL, relations, given(relations)) == []


def test_roles_are_made_and_held_down() -> None:
    mighty = Role(name="emr_app", login=True, powers=["SUPERUSER", "BYPASSRLS"])
    awake = Role(name="emr_audit_owner", login=True, powers=[])
    assert statements(decide(HERE, [mighty, awake], [], given([]))) == [
        "ALTER ROLE emr_app NOSUPERUSER NOBYPASSRLS",
        "CREATE ROLE emr_reporting LOGIN",
        "ALTER ROLE emr_audit_owner NOLOGIN",
    ]


def test_a_table_right_that_goes_takes_the_columns_along() -> None:
    """Revoking SELECT on users revokes it on its columns too: those have to be granted again."""
    users = [table("users")]
    found = given(users) | {Right(role="emr_reporting", kind="relation", name="users", privilege="SELECT")}
    revoke, grant = statements(decide(HERE, ALL, users, found))
    assert revoke == "REVOKE SELECT ON public.users FROM emr_reporting"
    assert grant.startswith('GRANT SELECT ("created_at", ')
    assert "password_hash" not in grant


def test_others_keep_their_hands_off_audit_rows() -> None:
    audit = [table("audit_logs")]
    found = given(audit) | {
        Right(role='odd "role"', kind="relation", name="audit_logs", privilege="DELETE"),
        Right(role="PUBLIC", kind="schema", name="public", privilege="CREATE"),
    }
    assert statements(decide(HERE, ALL, audit, found)) == [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        'REVOKE DELETE ON public.audit_logs FROM "odd ""role"""',
    ]


def test_before_15_nobody_reads_the_view() -> None:
    view = [table("tasks_with_patients")]
    found = given(view)
    old = HERE.model_copy(update={"major": 14})
    assert statements(decide(old, ALL, view, found)) == ["REVOKE SELECT ON public.tasks_with_patients FROM emr_app"]


@pytest.fixture
async def session(ladder: Ladder) -> AsyncIterator[Session]:
    async with await Session.open(target(ladder.dsn), "test") as opened:
        yield opened


@pytest.fixture
async def at_005(climbed: Ladder) -> AsyncIterator[Session]:
    """A session where every migration is applied."""
    async with await Session.open(target(climbed.dsn), "test") as opened:
        yield opened


async def mend(session: Session) -> list[Change]:
    changes = await service.plan(session)
    await service.apply(session, changes)
    return changes


async def test_it_is_done_once_at_every_level(ladder: Ladder, session: Session) -> None:
    for version in VERSIONS:
        ladder.up(version)
        assert await mend(session) != [] or version in ("003", "005")
        assert await service.plan(session) == []
    ladder.down("005", "004")
    assert await service.plan(session) == []


async def test_what_somebody_added_is_taken_away(climbed: Ladder, at_005: Session) -> None:
    await mend(at_005)
    climbed.run("grant update on audit_logs to emr_app; grant update (id) on audit_log_details to public")
    climbed.run("grant select on users to emr_reporting; alter role emr_app bypassrls")
    climbed.run("create role ward_admin; grant truncate on audit_logs to ward_admin")
    assert [statement.split(" (")[0] for statement in statements(await mend(at_005))] == [
        "ALTER ROLE emr_app NOBYPASSRLS",
        "REVOKE UPDATE",
        "REVOKE UPDATE ON public.audit_logs FROM emr_app",
        "REVOKE SELECT ON public.users FROM emr_reporting",
        'REVOKE TRUNCATE ON public.audit_logs FROM "ward_admin"',
        "GRANT SELECT",
    ]
    assert await service.plan(at_005) == []


async def test_an_old_plan_is_not_executed(ladder: Ladder, session: Session) -> None:
    ladder.up("001")
    shown = await service.plan(session)
    ladder.run("create role emr_app")
    with pytest.raises(ConsoleError) as refused:
        await service.apply(session, shown)
    assert refused.value.exit == Exit.PLAN_OUTDATED
    assert ladder.value("select to_regrole('emr_reporting') is null")


@on_both
async def test_whoever_is_no_superuser_migrates_beside_the_audit_owner(ladder: Ladder, session: Session) -> None:
    """The owner of the database, who may make roles, does all of it himself: up, rights, down and up again."""
    database = ladder.value("select current_database()")
    ladder.run(f"create role ward_admin createrole; alter database {database} owner to ward_admin")
    ladder.run("set role ward_admin")
    await session.execute("set role ward_admin")
    ladder.up(*VERSIONS)
    await mend(session)
    assert (
        ladder.value("select relowner::regrole::text from pg_class where relname = 'audit_logs'") == "emr_audit_owner"
    )
    ahead = "select audit_ensure_partitions(now(), now() + interval '10 weeks')"
    ladder.run(ahead)
    schema = ladder.fingerprint()
    ladder.down("005")
    ladder.up("005")
    ladder.run(ahead)
    assert await mend(session) == []
    assert ladder.fingerprint() == schema


async def test_without_the_right_to_make_roles(ladder: Ladder, session: Session) -> None:
    ladder.run("create role ward_admin")
    await session.execute("set role ward_admin")
    with pytest.raises(NoPrivilege):
        await mend(session)
    assert ladder.value("select to_regrole('emr_app') is null")


async def test_a_table_that_was_made_anew_has_lost_its_rights(climbed: Ladder, at_005: Session) -> None:
    assert await service.complaint(at_005) is None  # nobody has asked for these roles
    await mend(at_005)
    assert await service.complaint(at_005) is None
    climbed.run("alter table shifts rename to shifts_old; create table shifts (like shifts_old)")
    assert await service.complaint(at_005) == (
        "emr_app lacks rights on 1 table, emr_reporting lacks rights on 1 table: emr-console roles apply."
    )
    await mend(at_005)
    climbed.run("alter role emr_app bypassrls")
    assert (await service.complaint(at_005) or "").endswith("see emr-console roles plan.")


def test_after_migrate_up_it_is_said(ladder: Ladder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "001_tables", up="create table tasks (); create table shifts ()")
    up = ["--dsn", ladder.dsn, "migrate", "up", "--yes", "--migrations", str(tmp_path)]
    assert run(up) == Exit.OK
    assert "rights" not in capsys.readouterr().err
    assert run(["--quiet", "--dsn", ladder.dsn, "roles", "apply", "--yes"]) == Exit.OK
    write(tmp_path, "002_again", up="drop table tasks; create table tasks ()")
    assert run([*up, "--json"]) == Exit.OK
    said = capsys.readouterr()
    assert "emr_app lacks rights on 1 table: emr-console roles apply.\n" in said.err
    assert json.loads(said.out.splitlines()[-1])["event"] == "result"


def test_the_command(ladder: Ladder, capsys: pytest.CaptureFixture[str]) -> None:
    ladder.up("001")
    assert run(["--dsn", ladder.dsn, "roles", "plan", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)["rows"]
    assert planned[0] == {"statement": "CREATE ROLE emr_app LOGIN", "reason": "emr_app does not exist"}
    assert run(["--dsn", ladder.dsn, "roles", "apply", "--json"]) == Exit.USAGE
    capsys.readouterr()
    assert run(["--dsn", ladder.dsn, "roles", "apply", "--yes", "--json"]) == 0
    done = capsys.readouterr()
    assert json.loads(done.out)["done"] == planned
    assert "\\password emr_app" in done.err
    assert run(["--dsn", ladder.dsn, "roles", "plan"]) == 0
    assert capsys.readouterr().err == "Roles and rights are as they should be.\n"
