"""Findings are decided by somebody else, signed off, and proved; or they are not decided."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from console.cli.main import run
from console.db import operator
from console.errors import ConsoleError, Exit, Refused, UsageError
from console.services.audit.review import deciding, service
from console.services.audit.review.rules import RULES
from tests.migrate.working import ask, one
from tests.services.audit.logging import ANA, ago, event, note, users, write
from tests.services.audit.reviewing import DAY, USUAL, acting, reviewed


async def test_decided_by_somebody_else_and_signed_off(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    users(pg18_migrated, ana=ANA)
    write(pg18_migrated, [event(ago(hours=1), action="BREAK_GLASS", user_agent="x"),
                          event(ago(hours=2), action="EXPORT", metadata=note(record_count=900))])  # fmt: skip
    why = "on call that night, see the roster"
    async with acting(pg18_migrated) as session:
        result = await reviewed(pg18_migrated)
        ids = [finding.id for finding in result.queue]
        assert len(ids) == 2
        monkeypatch.setattr(operator, "current", lambda: operator.Operator("Ana", "ward-7"))
        with pytest.raises(Refused, match="is about ana, who cannot decide"):
            await deciding.dispose(session, result, ids, "appropriate", why)
        monkeypatch.setattr(operator, "current", lambda: operator.Operator("eve", "ward-7"))
        with pytest.raises(UsageError, match="of 8 characters"):
            await deciding.dispose(session, result, ids, "appropriate", "fine")
        with pytest.raises(UsageError, match="There is no finding"):
            await deciding.dispose(session, result, [ids[0], "0" * 12], "appropriate", why)
        assert len((await reviewed(pg18_migrated)).queue) == 2
        await deciding.dispose(session, result, ids, "appropriate", why)
        await deciding.dispose(session, result, ids[:1], "needs-information", "the roster is missing")
        result = await reviewed(pg18_migrated)
        assert [finding.id for finding in result.queue] == ids[:1]
        with pytest.raises(Refused, match="1 of 2 findings are not decided"):
            await deciding.sign_off(session, result, "")
        await deciding.dispose(session, result, ids[:1], "inappropriate", "the roster says no")
        result = await reviewed(pg18_migrated)
        assert [each.decided and each.decided.operator for each in result.findings] == ["eve@ward-7"] * 2
        await deciding.sign_off(session, result, "week 11")
        (signed,) = await service.sign_offs(session)
    assert (signed.since, signed.until, signed.operator, signed.findings) == (DAY, date(2026, 3, 15), "eve@ward-7", 2)
    kinds = [kind for (kind,) in ask(pg18_migrated, "select kind from emr_console.event where kind like 'review%'")]
    assert kinds == ["review.dispose"] * 4 + ["review.sign-off"]


@pytest.fixture
def auditor(pg18_migrated: str) -> Iterator[str]:
    """A role that has no right on the tables of the audit log."""
    role = str(one(pg18_migrated, "select 'auditor_' || current_database()"))
    ask(pg18_migrated, f"create role {role}; grant pg_monitor to {role}")
    yield role
    ask(pg18_migrated, f"drop owned by {role}; drop role {role}")


@pytest.mark.usefixtures("home")
def test_rules_that_nobody_could_ask_are_no_review(
    pg18_migrated: str, auditor: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--dsn", f"{pg18_migrated} options='-c role={auditor}'", "audit", "review"]
    assert run([*words, "--json"]) == Exit.NO_PRIVILEGE
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["state"] == "Nothing was reviewed."
    ask(pg18_migrated, f"grant select on audit_logs to {auditor}")
    assert run(words) == Exit.FINDINGS
    told = capsys.readouterr()
    assert "The rule no care relationship could not be asked" in told.err
    assert f"of {len(RULES)} rules could not be asked." in told.err


async def test_what_cannot_be_kept_is_not_decided(pg18_migrated: str, auditor: str, home: Path) -> None:
    users(pg18_migrated, ana=ANA)
    write(pg18_migrated, [event(ago(hours=1), action="BREAK_GLASS")])
    result = await reviewed(pg18_migrated)
    ask(pg18_migrated, f"grant select on audit_logs, users to {auditor}")
    async with acting(pg18_migrated) as session:
        await session.execute(f"set role {auditor}")
        with pytest.raises(ConsoleError, match="not decided, because it cannot be kept"):
            await deciding.dispose(session, result, [result.queue[0].id], "appropriate", "on call that night")
        refused = await service.review(session, result.window, USUAL)
        assert "no care relationship" in refused.unavailable
        with pytest.raises(Refused, match="Rules could not be asked"):
            await deciding.sign_off(session, refused, "")


@pytest.mark.usefixtures("home")
def test_on_the_command_line(pg18_migrated: str, capsys: pytest.CaptureFixture[str]) -> None:
    users(pg18_migrated, ana=ANA)
    write(pg18_migrated, [event(ago(hours=1), action="BREAK_GLASS", metadata=note(reason="Novak"))])
    span = ["--since", "2026-03-14", "--until", "2026-03-15"]

    def cli(*words: str) -> tuple[int, str, str]:
        code = run(["--dsn", pg18_migrated, "audit", "review", *words])
        return code, *capsys.readouterr()

    code, out, err = cli(*span, "--json")
    told = json.loads(out)
    assert (code, told["open"], told["rows"][0]["rule"]) == (Exit.FINDINGS, 1, "break-glass without reason")
    assert "Novak" not in out
    assert "Open: 1 of 1 finding, 2026-03-14.\n" in err
    code, out, _ = cli(*span, "dispose", told["rows"][0]["id"], "--as", "appropriate", "--reason", "on call that night")
    assert code == 0
    assert cli("sign-off", *span)[0] == 0
    assert cli(*span)[0] == 0
    code, out, err = cli("cadence", "--json")
    assert (code, len(json.loads(out)["rows"])) == (Exit.FINDINGS, 1)
    yesterday = one(pg18_migrated, "select (now() at time zone 'UTC')::date - 1")
    assert re.search(rf"Nobody has signed off \d{{4}}-\d\d-\d\d to {yesterday}\.\n", err)
    assert "2026-03-14\t" in cli("cadence")[1]
    assert cli("--since", "2026-03-14", "--until", "2026-03-14")[0] == Exit.USAGE
    assert one(pg18_migrated, "select count(*) from audit_logs where action = 'SEARCH' and metadata ? 'review'") == 2
