"""What was written down: backups of ours, and findings that somebody has snoozed."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from console.db.database import Database
from console.db.pipeline import Request
from console.db.query import Query
from console.iso import to_minute
from console.services.events import Action, Kept, local_file, record_action
from console.services.health.models import Snooze
from console.services.health.record_models import Aside, Events, Records, Sight

SNOOZE, WAKE = "health.snooze", "health.wake"
"""Kinds of events: a finding is snoozed until some moment, or woken before."""

LONGEST = 30 * 86_400.0
"""Seconds that a finding can be snoozed: after a month somebody has to look again."""

_SIGHT = Request(Query(__package__, "sight"), Sight)
_EVENTS = Request(Query(__package__, "recorded"), Events)


async def read_records(db: Database) -> Records:
    """What our events say; a database without them says nothing."""
    (sight,) = (await db.pipeline(_SIGHT)).rows(_SIGHT)
    if not sight.readable:
        return Records(sight)
    (events,) = (await db.pipeline(_EVENTS)).rows(_EVENTS)
    return Records(sight, events)


def snoozes(db: Database, records: Records | None, as_of: datetime) -> dict[str, Snooze]:
    """What is snoozed at a moment, by check: by anybody in the database, and by this person in a file of his own."""
    events = records.events if records is not None else None
    here = standing(_kept_here(local_file(), db.target.address()), as_of, local=True)
    return here | standing(events.snoozes if events is not None else (), as_of)


def standing(written: Iterable[Aside], as_of: datetime, *, local: bool = False) -> dict[str, Snooze]:
    """Those that have not ended, by check; a moment that nobody can read has.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> ends = {"D01": "2026-03-14T13:00+00:00", "D02": "2026-03-14T11:00+00:00", "D03": "soon"}
    >>> list(standing([Aside(check=c, until=u, reason="", operator="ana") for c, u in ends.items()], noon))
    ['D01']
    """
    found = ((aside, _moment(aside.until)) for aside in written)
    return {
        aside.check: Snooze(aside.check, until, aside.reason, aside.operator, local)
        for aside, until in found
        if until is not None and until > as_of
    }


async def snooze(db: Database, check: str, reason: str, until: datetime) -> Kept:
    """Let a finding rest until a moment; appends one event, and changes nothing else."""
    action = Action(SNOOZE, check, reason, "")
    async with db.act() as session:
        return await record_action(session, action, f"snoozed until {to_minute(until)} UTC", {"until": until})


async def wake(db: Database, check: str) -> Kept:
    """Let a finding count again before its time."""
    async with db.act() as session:
        return await record_action(session, Action(WAKE, check, "", ""), "counts again")


def _kept_here(file: Path, database: str) -> list[Aside]:
    """The newest snooze of each check in a file of events, of one database."""
    try:
        lines = file.read_text("ascii").splitlines()
    except (OSError, UnicodeError):
        return []
    newest: dict[str, Aside | None] = {}
    for line in lines:
        event = _event(line)
        if event.get("kind") in (SNOOZE, WAKE) and event.get("database") == database:
            newest[str(event.get("target"))] = _aside(event) if event["kind"] == SNOOZE else None
    return [aside for aside in newest.values() if aside is not None]


def _event(line: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _aside(event: dict[str, object]) -> Aside | None:
    known = {"check": event.get("target"), **{name: event.get(name) for name in ("until", "reason", "operator")}}
    try:
        return Aside.model_validate(known)
    except ValidationError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
