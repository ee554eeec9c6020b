"""Asks about a planned change, carries it out, tells what became of it: how a pane changes what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from console.db.database import Database
from console.errors import ConsoleError
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Done, Plan
from console.shared.identity import identify
from console.ui.confirm import ConfirmScreen, Question
from console.ui.pane import Pane
from console.ui.window import reason
from console.units import age

TOLD = 15
"""Seconds for which a result can be read."""

STILL = 2.0
"""Seconds after which it is said that a change is at work, and again."""


async def agreed(pane: Pane[Database, Any], plan: Plan) -> str | None:
    """The reason for which a person agrees to a plan; None where he does not, or the write window has closed meanwhile.

    Where rows go he says why; for anything else the reason of the write window will do.
    """
    consent = pane.still(await pane.app.push_screen_wait(ConfirmScreen(question(pane.database, plan))))
    return None if consent is None else consent.reason or reason(pane.app)


async def carried_out(pane: Pane[Database, Any], plan: Plan, why: str) -> Done | None:
    """Carry out what was agreed to and tell what became of it; None where it failed."""
    try:
        with _told_meanwhile(pane, plan.title):
            async with pane.database.act() as session:
                done = await perform(session, plan, why)
    except ConsoleError as error:
        pane.notify(error.sentence(), severity="error", timeout=TOLD)
        return None
    finally:
        pane.action_now()
    pane.notify(f"{done.said.sentence} {done.kept.sentence}", timeout=TOLD)
    return done


@contextmanager
def _told_meanwhile(pane: Pane[Database, Any], what: str) -> Iterator[None]:
    """Say that a change is at work, and for how long, if it takes its time."""
    since = monotonic()
    clock = pane.set_interval(
        STILL, lambda: pane.notify(f"At work for {age(monotonic() - since)}: {what}.", timeout=STILL + 0.5)
    )
    try:
        yield
    finally:
        clock.stop()


def question(db: Database, plan: Plan) -> Question:
    """What a person is asked: on which database, to what, by which statements, what follows."""
    here = identify(db.target, db.known)
    return Question(
        title=plan.title,
        facts=[("on", here.labelled_place), *plan.facts, ("sends", plan.sql)],
        consequence=plan.consequence,
        verb=plan.verb,
        typed=plan.typed,
        reason=bool(plan.typed),
    )
