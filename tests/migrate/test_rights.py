"""Who may write the ledger: its owner alone, whatever rights others are given on tables; its texts run as written."""

from pathlib import Path

import pytest

from console.db.session import Session
from console.errors import Exit, Refused
from console.migrate.files import read_folder
from console.migrate.plan.requested import Wanted, planned
from console.migrate.selection import Back
from console.migrate.verify import verify_applied
from tests.migrate.servers import on_both
from tests.migrate.strangers import refused, strange
from tests.migrate.working import ask, go_down, go_up, one, read_status, remove, states, write_tables
from tests.targets import target

RIGHTS = """
select c.relname, x.grantee::regrole::text, x.privilege_type
  from pg_class c cross join aclexplode(c.relacl) x
 where c.relnamespace = 'emr_console'::regnamespace and x.grantee <> c.relowner and x.privilege_type <> 'SELECT'
"""
UNGUARDED = """
select relname from pg_class c
 where relnamespace = 'emr_console'::regnamespace and relkind = 'r'
   and not exists (select from pg_trigger where tgrelid = c.oid and tgname = 'only_its_owner_writes')
"""
TAMPER = "update emr_console.migration set down_text = 'alter role x superuser; -- back'"
FORGE = TAMPER + ", down_sha256 = encode(sha256('alter role x superuser; -- back'), 'hex')"


@on_both
async def test_default_privileges_give_no_rights_on_it(database: str, tmp_path: Path) -> None:
    write_tables(tmp_path, "first")
    with strange(database) as stranger:
        for grantee in (stranger.name, "public"):
            ask(
                database,
                f"alter default privileges grant all on tables to {grantee};"
                f" alter default privileges grant all on sequences to {grantee};"
                f" alter default privileges grant all on schemas to {grantee}",
            )
        assert (await go_up(database, tmp_path)).error is None
        assert ask(database, RIGHTS) == []
        assert ask(database, UNGUARDED) == []
        assert not one(database, f"select has_schema_privilege('{stranger.name}', 'emr_console', 'create')")
        assert await states(database, tmp_path) == {"001": "applied"}


async def test_rights_that_were_given_later_are_refused(with_first: str, tmp_path: Path) -> None:
    with strange(with_first) as stranger:
        ask(
            with_first,
            f"grant insert, update (down_text) on emr_console.migration to {stranger.name} with grant option;"
            " grant insert on emr_console.event to public; grant select on emr_console.run to public",
        )
        found = await read_status(with_first, tmp_path)
        assert found.exit == Exit.FINDINGS
        with refused(f"{stranger.name} may write table emr_console.migration") as caught:
            await go_down(with_first, tmp_path)
        assert "PUBLIC may write table emr_console.event" in caught.value.message
        assert caught.value.message in str(found.note)
        mend = caught.value.hint.partition(": ")[2]
        assert mend == (
            "REVOKE INSERT ON emr_console.event FROM PUBLIC CASCADE;"
            f' REVOKE INSERT, UPDATE ON emr_console.migration FROM "{stranger.name}" CASCADE;'
        )
        ask(with_first, mend)
        assert (await go_down(with_first, tmp_path)).error is None


async def test_who_may_write_every_table_writes_none_of_these(with_first: str, tmp_path: Path) -> None:
    """pg_write_all_data shows in no table's rights, and row security would keep pg_dump from reading."""
    with strange(with_first) as stranger:
        ask(with_first, f"grant pg_write_all_data to {stranger.name}")
        for change in (TAMPER, "insert into emr_console.event (kind, operator) values ('applied', 'x')"):
            with pytest.raises(Exception, match="only its owner writes emr_console"):
                stranger.run(change)
        assert (await go_down(with_first, tmp_path)).error is None


@pytest.mark.parametrize("change", [TAMPER, FORGE])
async def test_a_text_that_is_not_what_was_applied_is_not_run(with_first: str, tmp_path: Path, change: str) -> None:
    remove(tmp_path, "001_first")
    ask(with_first, change)
    for action in (
        go_down(with_first, tmp_path),
        planned(target(with_first), read_folder(tmp_path), Wanted(back=Back())),
    ):
        with pytest.raises(Refused, match=r"001_first.down.sql in the ledger is not the text that was applied"):
            await action
    write_tables(tmp_path, "first")
    assert (await go_down(with_first, tmp_path)).error is None, "by its file"


async def test_checks_that_are_not_what_was_applied_are_not_asked(with_first: str, tmp_path: Path) -> None:
    remove(tmp_path, "001_first")
    ask(with_first, "update emr_console.migration set verify_text = 'select ''x'' as name, true as ok'")
    async with await Session.open(target(with_first), "query", read_only=True) as session:
        with pytest.raises(Refused, match=r"001_first.verify.sql in the ledger is not the text"):
            await verify_applied(session, read_folder(tmp_path))
