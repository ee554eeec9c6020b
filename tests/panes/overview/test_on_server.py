"""The overview on a real server: what arrives when, jumping, snoozing, and that nothing critical is hidden by that."""

import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.db.database import Database
from console.panes.overview.lines import lines
from console.panes.overview.view import OverviewPane
from console.panes.sessions.view import SessionsPane
from console.registry import PANES
from console.services.health.models import Level
from console.shared.identity import identify
from console.ui.entry import Entry
from console.ui.panebar import pane_commands
from tests.migrate.working import ask, one
from tests.panes.overview import looks as overview_looks
from tests.panes.pictures import ready
from tests.targets import target
from tests.ui.waiting import seen, shown, until

BAD_RIGHT = "grant delete on audit_logs to pg_monitor"
SAID = "pg_monitor has DELETE"


class Console(ConsoleApp):
    """The console with this pane, and one to jump to."""

    PANES: ClassVar = (OverviewPane, SessionsPane)
    COMMAND_TABLE: ClassVar = pane_commands((OverviewPane, SessionsPane))


@asynccontextmanager
async def opened(dsn: str, **changed: str) -> AsyncIterator[Pilot[Any]]:
    """The console as soon as all of its checks have answered once."""
    goal = target(dsn, **changed)
    async with Database(goal) as db:
        app = Console(db, identify(goal), environ={"TERM": "xterm", "LANG": "C.UTF-8"})
        async with app.run_test(size=(110, 30), notifications=True) as pilot:
            await ready(pilot)
            await until(pilot, lambda: "asking the rest" not in shown(pilot))
            yield pilot


async def point_at(pilot: Pilot[Any], check: str) -> None:
    """Narrow the findings down to one, and put the cursor on it."""
    await pilot.press("slash", *check, "enter")
    await until(pilot, lambda: getattr(pilot.app.query_one(OverviewPane)._line, "key", "") == ID[check])


ID = {"short": "D16", "idle": "D03", "monitor": "H19", "snoozed": "H19"}
"""What a word leads to in these databases."""


async def snooze(pilot: Pilot[Any], reason: str, span: str) -> None:
    """Answer what is asked before a finding rests."""
    await pilot.press("n")
    for typed in (reason, span):
        await until(pilot, lambda: isinstance(pilot.app.focused, Entry) and not pilot.app.focused.value)
        assert isinstance(pilot.app.focused, Entry)
        pilot.app.focused.insert_text_at_cursor(typed)
        await pilot.press("enter")
    await pilot.press("enter")


def test_the_console_opens_on_it() -> None:
    assert PANES[0].kind() is OverviewPane


async def test_every_check_can_be_shown_and_leads_somewhere(pg18_migrated: str, home: Path) -> None:
    """What is well cannot be snoozed."""
    async with opened(pg18_migrated) as pilot:
        await point_at(pilot, "idle")
        assert "Prepared transactions" not in shown(pilot)
        await pilot.press("escape", "G", "enter")
        await seen(pilot, "Prepared transactions")
        await point_at(pilot, "idle")
        await pilot.press("enter")
        await seen(pilot, "D03 Idle in transaction")
        await pilot.press("o")
        await until(pilot, lambda: pilot.app.query_one(SessionsPane).has_focus_within)
        await pilot.press("1")
        assert "Idle in transaction" in shown(pilot)
        await pilot.press("n")
        await seen(pilot, "Only a finding that is not well can be snoozed.")


async def test_a_snooze_is_seen_by_colleagues_and_survives_but_hides_nothing_critical(
    pg18_migrated: str, home: Path
) -> None:
    ask(pg18_migrated, BAD_RIGHT)
    async with opened(pg18_migrated) as pilot:
        await until(pilot, lambda: "1 critical" in shown(pilot) or "2 critical" in shown(pilot))
        await point_at(pilot, "monitor")
        assert SAID in shown(pilot)
        await snooze(pilot, "ticket 4711", "8h")
        await seen(pilot, "It is recorded in emr_console.event.")
        await seen(pilot, "1 snoozed, 1 critical")
    kept = one(pg18_migrated, "select detail from emr_console.event where kind = 'health.snooze'")
    assert (kept["target"], kept["reason"]) == ("H19", "ticket 4711")
    async with opened(pg18_migrated) as pilot:  # another console, perhaps of a colleague
        assert "1 snoozed, 1 critical" in shown(pilot)
        await point_at(pilot, "snoozed")
        await pilot.press("enter")
        await seen(pilot, "ticket 4711")
        await pilot.press("escape", "n")
        await until(pilot, lambda: "1 snoozed" not in shown(pilot))
    assert one(pg18_migrated, "select count(*) from emr_console.event where kind = 'health.wake'") == 1


async def test_where_the_database_takes_no_event_it_stays_with_the_person(pg18_database: str, home: Path) -> None:
    ask(pg18_database, "create sequence short maxvalue 100; select setval('short', 95)")
    async with opened(pg18_database) as pilot:
        await point_at(pilot, "short")
        assert "has used 95.0 %" in shown(pilot)
        await snooze(pilot, "it is only a test", "3d")
        await seen(pilot, "events.jsonl")
        await seen(pilot, "1 snoozed, 1 critical")
    (file,) = (home / "state").rglob("events.jsonl")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text("ascii"))["target"] == "D16"
    async with opened(pg18_database) as pilot:
        assert "1 snoozed, 1 critical" in shown(pilot)
        await point_at(pilot, "short")
        await pilot.press("enter")
        await seen(pilot, "on this machine only")


@pytest.mark.parametrize("expanded", [False, True])
def test_no_finding_is_ever_left_out(expanded: bool) -> None:
    seen = overview_looks.busy().findings
    told = lines(seen, expanded=expanded)
    named = {line.finding.id for line in told if line.finding}
    assert {each.id for each in seen if each.level is not Level.OK} <= named
    assert len({line.key for line in told}) == len(told)


def test_a_right_is_named_for_the_checks_that_it_tells_and_for_no_other() -> None:
    monitor, read = 'GRANT pg_monitor TO "ana";', 'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO "ana";'
    seen = [
        overview_looks.finding(f"D0{number}", "Hidden", Level.UNKNOWN, "hidden", remedy=monitor) for number in range(3)
    ]
    seen.append(overview_looks.finding("D16", "Sequences", Level.UNKNOWN, "3 sequences hidden", remedy=read))
    assert [line.text for line in lines(seen)] == [f"3 checks need a right: {monitor}", "3 sequences hidden"]
