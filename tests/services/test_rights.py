"""What a role lacks is named so exactly that the statements which are printed are all that it takes."""

import json
import re

import psycopg
import pytest

from console.cli.main import run
from console.db.roles import become
from console.db.session import Session
from console.errors import Exit, NoPrivilege
from console.services.rights import naming
from tests.migrate.working import ask
from tests.services.audit.logging import ago, event, write
from tests.targets import target

COMMANDS = (
    (["audit", "search", "action:view"], "Nothing was searched."),
    (["audit", "verify", "--seals"], "Nothing was verified."),
    (["audit", "seal"], "What was sealed before stays; nothing else was changed."),
    (["maintain", "--dry-run"], "Nothing was changed."),
    (["audit", "review"], "Nothing was reviewed."),
    (["retention", "hold", "tasks", "--yes", "--reason", "a court asked"], "Nothing was changed."),
)
"""Each with how things stand when it was refused."""


def _sequences(dsn: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the check of sequences says."""
    run(["--dsn", dsn, "health", "--json"])
    rows: list[dict[str, str]] = json.loads(capsys.readouterr().out)["rows"]
    return next(row for row in rows if row["id"] == "D16")


def test_what_is_printed_is_what_it_takes(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(pg18_migrated, [event(ago(days=4))])
    role = f"clerk_{psycopg.conninfo.conninfo_to_dict(pg18_migrated)['dbname']}"
    ask(pg18_migrated, f"create role {role} login password 'geheim'")
    clerk = psycopg.conninfo.make_conninfo(pg18_migrated, user=role, passfile="", password="geheim")
    try:
        for words, state in COMMANDS:
            assert run(["--dsn", clerk, *words]) == Exit.NO_PRIVILEGE, words
            told = capsys.readouterr().err
            assert state in told
            owner = re.findall(r"Connect as (\w+), who owns", told)
            for grant in (*re.findall(r"GRANT [^;]+;", told), *(f"grant {name} to {role}" for name in owner)):
                ask(pg18_migrated, grant)
            assert run(["--dsn", clerk, *words]) in (Exit.OK, Exit.FINDINGS), capsys.readouterr().err
            ask(pg18_migrated, f"drop owned by {role}; revoke postgres from {role}")
            capsys.readouterr()
        ask(pg18_migrated, f"grant pg_monitor to {role}")
        hidden = _sequences(clerk, capsys)  # which pg_monitor does not show
        assert (hidden["level"], hidden["remedy"][:9]) == ("unknown", "GRANT SEL")
        ask(pg18_migrated, hidden["remedy"])
        assert _sequences(clerk, capsys)["level"] == "ok"
    finally:
        ask(pg18_migrated, f"drop owned by {role}")
        ask(pg18_migrated, f"drop role {role}")


async def test_who_lacks_them_is_whose_rights_count_and_not_who_signed_in(pg18_migrated: str) -> None:
    role = f"clerk_{psycopg.conninfo.conninfo_to_dict(pg18_migrated)['dbname']}"
    ask(pg18_migrated, f"create role {role}")
    try:
        async with await Session.open(target(pg18_migrated), "act", settings={}) as session:
            await session.server()
            await become(session, role)
            with pytest.raises(NoPrivilege) as caught:
                async with naming(session, {"public.audit_logs": ("SELECT",)}, "Nothing was read."):
                    await session.execute("select from public.audit_logs")
        assert f'GRANT SELECT ON public.audit_logs TO "{role}";' in caught.value.hint
    finally:
        ask(pg18_migrated, f"drop role {role}")
