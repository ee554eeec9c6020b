"""Asks, signals and tells: how a pane that shows sessions stops what one of them does, or the session."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from console.db.database import Database
from console.db.session import Session
from console.errors import ConsoleError
from console.services.signalling import words
from console.services.signalling.models import PATIENCE, Subject, Verb
from console.services.signalling.service import signal
from console.shared.identity import identify
from console.ui.columns import Tone
from console.ui.confirm import ConfirmScreen, Question
from console.ui.facts import Fact
from console.ui.pane import Pane
from console.ui.screens import attended
from console.ui.window import reason
from console.ui.working import Outcome, Step, WorkScreen


async def stop(pane: Pane[Database, Any], verb: Verb, subjects: Sequence[Subject]) -> None:
    """Ask once for all of them, signal each, tell what became of it; where cancelling fails, offer to terminate.

    The sessions are those that were on screen when the key was pressed, whatever stands there now.
    """
    fit = [subject for subject in subjects if not words.unfit(verb, subject)]
    if not fit:
        pane.notify("\n".join(words.unfit(verb, subject) for subject in subjects[:3]))
        return
    left_out = [subject for subject in subjects if subject not in fit]
    if await _agreed(pane, verb, fit, _left_out(left_out)):
        going_on = await _signalled(pane, verb, fit)
        if verb != "cancel" or not going_on or not attended(pane):
            return  # a person who has gone on meanwhile was told, and may type what would be a yes here
        if await _agreed(pane, "terminate", going_on, _cancelled(going_on)):
            await _signalled(pane, "terminate", going_on)


async def _agreed(pane: Pane[Database, Any], verb: Verb, subjects: Sequence[Subject], more: Sequence[Fact]) -> bool:
    """Whether a person says yes, and the write window is still open then."""
    consent = await pane.app.push_screen_wait(ConfirmScreen(question(pane.database, verb, subjects, more)))
    return pane.still(consent) is not None


def question(db: Database, verb: Verb, subjects: Sequence[Subject], more: Sequence[Fact] = ()) -> Question:
    """What a person is asked: on which database, whom, what follows."""
    here = identify(db.target, db.known)
    return Question(
        title=words.whom(verb, subjects),
        facts=[("on", here.labelled_place), *words.facts(subjects), ("sends", _sends(verb, subjects)), *more],
        consequence=words.consequence(verb, subjects),
        verb=verb,
        typed=words.typed(subjects, here.database),
    )


def _sends(verb: Verb, subjects: Sequence[Subject]) -> str:
    whose = str(subjects[0].pid) if len(subjects) == 1 else "pid"
    other = "runs another statement" if verb == "cancel" else "belongs to another session"
    return f"pg_{verb}_backend({whose}), unless that pid {other} by then"


def _left_out(subjects: Sequence[Subject]) -> list[Fact]:
    pids = ", ".join(str(subject.pid) for subject in subjects)
    return [("left out", f"{pids}: no statement runs there")] if subjects else []


def _cancelled(subjects: Sequence[Subject]) -> list[Fact]:
    each = "" if len(subjects) == 1 else "each: "
    return [("before", f"{each}{words.outcome('cancel', gone=False)}")]


async def _signalled(pane: Pane[Database, Any], verb: Verb, subjects: Sequence[Subject]) -> list[Subject]:
    """Signal each; those that go on in spite of it."""
    going_on: list[Subject] = []
    try:
        async with pane.database.act() as session:
            steps = [
                Step(words.named(subject), partial(_one, session, verb, subject, reason(pane.app), going_on))
                for subject in subjects
            ]
            await _told(pane, verb, steps)
    except ConsoleError as error:
        pane.notify(error.sentence(), severity="error", timeout=15)
    return going_on


async def _told(pane: Pane[Database, Any], verb: Verb, steps: Sequence[Step]) -> None:
    """One is told in passing; several have a screen, on which nothing is missed."""
    if len(steps) > 1:
        await pane.app.push_screen_wait(WorkScreen(f"{verb.capitalize()} {len(steps)} sessions", steps))
        return
    pane.notify(f"{steps[0].name}: asked to end ...", timeout=PATIENCE)
    outcome = await steps[0].do()
    pane.notify(f"{steps[0].name}: {outcome.text}", severity="information" if outcome.tone is Tone.OK else "warning")


async def _one(session: Session, verb: Verb, subject: Subject, why: str, going_on: list[Subject]) -> Outcome:
    done = await signal(session, verb, subject, why)
    if not done.gone:
        going_on.append(subject)
    recorded = f" {done.kept.sentence}" if done.kept.why else ""
    said = f"{words.outcome(verb, gone=done.gone)}.{recorded}"
    return Outcome(said, Tone.OK if done.gone else Tone.WARNING)
