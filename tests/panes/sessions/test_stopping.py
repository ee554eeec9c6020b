"""Stopping sessions from the pane: the ones that were chosen, or none."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from textual.events import Key
from textual.pilot import Pilot

from console.app import ConsoleApp
from console.db.database import Database
from console.panes.sessions.models import Session, Snapshot
from console.services.signalling import service as signalling
from console.ui.confirm import ConfirmScreen
from console.ui.entry import Entry
from console.ui.facts import facts_text
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.ui.working import WorkScreen
from tests.migrate.working import one
from tests.panes import looks
from tests.panes.connected import connections, seen, waiting
from tests.targets import target
from tests.ui.entering import enter
from tests.ui.waiting import until

STUBBORN = "do $$ begin perform pg_sleep(600); exception when query_canceled then perform pg_sleep(600); end $$"
"""Goes on after it was cancelled."""


@dataclass
class Driven:
    """A console on the sessions pane, its write window open."""

    app: ConsoleApp
    pilot: Pilot[Any]

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def asked(self) -> str:
        """Wait for the question; all that it says."""
        await until(self.pilot, lambda: isinstance(self.app.screen, ConfirmScreen))
        screen = self.app.screen
        assert isinstance(screen, ConfirmScreen)
        question = screen.question
        return f"{question.title}\n{facts_text(question.facts)}\n{question.consequence}"

    async def told(self, words: str) -> None:
        """Wait for a note."""
        await until(self.pilot, lambda: any(words in note.message for note in self.app._notifications))


@asynccontextmanager
async def driven(dsn: str, rows: Sequence[Session]) -> AsyncIterator[Driven]:
    """The pane with these rows, on a real server."""
    shown = Snapshot(looks.NIGHT, rows, connections=len(rows), limit=97)
    app = looks.console(looks.sessions(lambda: shown), where=target(dsn))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.query(Pane).first().state is State.DATA)
        app.window.open("stuck since noon")
        await until(pilot, lambda: app.query(Pane).first().writable)
        await until(pilot, lambda: isinstance(app.focused, LineTable))
        yield Driven(app, pilot)
        await app.database.close()


async def rows(dsn: str, *names: str) -> list[Session]:
    """The sessions of these applications."""
    async with Database(target(dsn)) as db:
        found = await seen(db, dsn)
    return [found[name] for name in names]


async def alive(connection: psycopg.AsyncConnection) -> bool:
    """Whether its session has not been ended."""
    try:
        await connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def outcomes(dsn: str) -> list[str]:
    """What was recorded, the oldest first."""
    query = "select coalesce(jsonb_agg(kind || ': ' || (detail->>'outcome') order by id), '[]') from emr_console.event"
    return list(one(dsn, f"{query} where kind like 'session.%'"))


@asynccontextmanager
async def cancelling(dsn: str) -> AsyncIterator[Driven]:
    """The pane that asks whether to cancel one who goes on after that; another one has to be alive at the end."""
    async with connections(dsn, "holder", "victim") as (holder, victim):
        async with waiting(victim, STUBBORN), Database(target(dsn)) as db:
            while (row := (await seen(db, dsn))["victim"]).backend.state != "active":
                pass
            async with driven(dsn, [row]) as pane:
                await pane.press("C")
                await pane.asked()
                yield pane
        assert await alive(holder)


async def test_terminate_asks_hits_and_tells(pg18_migrated: str) -> None:
    """One is hit; one ends while its dialog is open; before the third the write window closes, with it goes the key."""
    names = ["victim", "leaver", "bystander"]
    async with connections(pg18_migrated, *names) as (victim, leaver, bystander):
        pid = victim.info.backend_pid
        await victim.execute("begin")
        await victim.execute("create table t ()")
        async with driven(pg18_migrated, await rows(pg18_migrated, *names)) as pane:
            await pane.press("C")
            await pane.told("only ending the session ends its transaction")
            assert not isinstance(pane.app.screen, ConfirmScreen), "an idle one has nothing to cancel"
            await pane.press("K")
            said = await pane.asked()
            await pane.press("enter")
            assert await alive(victim), "enter alone is a no"
            await pane.press("K")
            await pane.asked()
            await pane.press("y")
            await pane.told("it is gone")
            assert not await alive(victim)
            await pane.press("j", "K")
            await pane.asked()
            await leaver.close()
            while one(pg18_migrated, "select count(*) from pg_stat_activity where application_name = 'leaver'"):
                pass
            await pane.press("y")
            await pane.told("is already gone")
            done = outcomes(pg18_migrated)
            await pane.press("j", "K")
            await pane.asked()
            pane.app.window.close("a test")
            await until(pane.pilot, lambda: not pane.app.query(Pane).first().writable)
            await pane.press("y")
            await pane.told("closed meanwhile, and nothing was changed")
            await pane.press("K", "C")
            assert not isinstance(pane.app.screen, ConfirmScreen)
        assert await alive(bystander)
    assert said.startswith(f"Terminate pid {pid}, postgres@")
    assert "has written) rolls back" in said
    assert done[0] == "session.terminate: gone"
    assert outcomes(pg18_migrated) == done


async def test_a_session_that_took_over_the_row_is_never_hit(pg18_migrated: str) -> None:
    """Between the key and the yes the session ends, and another one gets its pid: it looks as if it were the same."""
    async with connections(pg18_migrated, "stranger") as (stranger,):
        async with waiting(stranger, "select pg_sleep(600)"), Database(target(pg18_migrated)) as db:
            while (row := (await seen(db, pg18_migrated))["stranger"]).backend.state != "active":
                pass
            assert row.backend.backend_start is not None
            before = {"backend_start": row.backend.backend_start - timedelta(minutes=1)}
            chosen = replace(row, backend=row.backend.model_copy(update=before))
            async with driven(pg18_migrated, [chosen]) as pane:
                for key in ("C", "K"):
                    pane.app.clear_notifications()
                    await pane.press(key)
                    await pane.asked()
                    await pane.press("y")
                    await pane.told("its number belongs to another session now")
                    assert (await seen(db, pg18_migrated))["stranger"].backend.state == "active"
        assert await alive(stranger)


async def test_a_yes_that_was_typed_before_the_question_stood_there_is_none(pg18_migrated: str) -> None:
    """The row under the cursor may be another one by then, and nobody has seen whom the question is about."""
    async with connections(pg18_migrated, "victim") as (victim,):
        async with driven(pg18_migrated, await rows(pg18_migrated, "victim")) as pane:
            for keys in (["K", "y"], ["K", "tab", "enter"]):
                for key in keys:
                    pane.app.post_message(Key(key, key if len(key) == 1 else None))
                await pane.asked()
                await pane.press("space", "escape")
                await until(pane.pilot, lambda: not isinstance(pane.app.screen, ConfirmScreen))
        assert await alive(victim)
    assert outcomes(pg18_migrated) == []


async def test_several_marked_ones_need_a_name_and_each_has_its_outcome(pg18_migrated: str) -> None:
    names = [f"victim {n}" for n in range(5)]
    async with connections(pg18_migrated, *names) as victims:
        chosen = await rows(pg18_migrated, *names)
        gone = replace(chosen[2], backend=chosen[2].backend.model_copy(update={"pid": 2**31 - 1}))
        async with driven(pg18_migrated, [*chosen[:2], gone, *chosen[3:]]) as pane:
            await pane.press(*["space"] * 5, "K")
            said = await pane.asked()
            await enter(pane.pilot, target(pg18_migrated).dbname)
            await until(pane.pilot, lambda: isinstance(pane.app.screen, WorkScreen))
            await until(pane.pilot, lambda: len(outcomes(pg18_migrated)) == 5)
            await pane.press("escape")
        assert [await alive(victim) for victim in victims] == [False, False, True, False, False]
    assert said.startswith("Terminate 5 sessions")
    assert sum("already gone" in outcome for outcome in outcomes(pg18_migrated)) == 1


async def test_one_that_cannot_be_cancelled_is_offered_to_be_terminated(
    pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signalling, "PATIENCE", 0.1)
    async with cancelling(pg18_migrated) as pane:
        await pane.press("y")
        await until(pane.pilot, lambda: outcomes(pg18_migrated) != [])
        said = await pane.asked()
        await pane.press("y")
        await pane.told("it is gone")
    assert said.startswith("Terminate")
    assert "it goes on 5 s after it was cancelled" in said
    assert outcomes(pg18_migrated) == ["session.cancel: still running after 0.1 s", "session.terminate: gone"]


async def test_who_types_meanwhile_is_not_offered_to_terminate(
    pg18_migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question would come up amid a word, and a `y` of it would be a yes."""
    monkeypatch.setattr(signalling, "PATIENCE", 0.1)
    async with cancelling(pg18_migrated) as pane:
        await pane.press("y", "slash", *"histor")
        await pane.told("asked to end")
        await until(pane.pilot, lambda: not pane.app.workers)
        await pane.press("y")
        await pane.told("it goes on")
        assert pane.app.query_one(Entry).value == "history"
    assert outcomes(pg18_migrated) == ["session.cancel: still running after 0.1 s"]
