"""What a person has confirmed is written down, whatever became of it: in the database, else in a file of his own."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from console import folders
from console.db import operator
from console.db.database import Database
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError, UsageError

RECORD = Query(__package__, "record_action")

FILE = "events.jsonl"
"""Its name in the console's state folder: one JSON object a line."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person has confirmed."""

    kind: str
    """What is done to what, such as `session.terminate`; the dot tells it from the events of migrations."""
    target: str
    """To whom or to what, without patients' data."""
    reason: str
    """Why, in the person's words; empty where none was asked for."""
    sql: str
    """What was sent, without its values."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an action is written down."""

    why: str = ""
    """Why it is not in emr_console.event; empty where it is."""
    file: Path | None = None
    """The file that holds it instead; None where it is in the table, or nowhere."""

    @property
    def place(self) -> str | None:
        """The table or the file; None where it is nowhere."""
        if not self.why:
            return "emr_console.event"
        return str(self.file) if self.file else None

    @property
    def sentence(self) -> str:
        """Where to look for it, for the person who did it.

        >>> Kept().sentence
        'It is recorded in emr_console.event.'
        >>> Kept("There is no such table.", Path("/home/ana/events.jsonl")).sentence
        'It is recorded in /home/ana/events.jsonl, not in emr_console.event: There is no such table.'
        """
        if self.place is None:
            return f"It is recorded nowhere: {self.why}"
        elsewhere = f", not in emr_console.event: {self.why}" if self.why else "."
        return f"It is recorded in {self.place}{elsewhere}"


async def record_action(
    session: Session, action: Action, outcome: str, detail: Mapping[str, object] | None = None
) -> Kept:
    """Append one event, by itself; `outcome` says in a few words what became of the action.

    Never raises for want of a place to write: what was done has been done, and is told with `Kept`.
    """
    event, said = _event(action, outcome, detail)
    try:
        rows = await session.run(RECORD, **event, detail=json.dumps(said, default=_spelled))
    except ConsoleError as error:
        return _aside(session.target, event | said, error.message)
    if rows != 1:  # a trigger or a rule may swallow it without an error
        return _aside(session.target, event | said, "The table took it without an error, but wrote no row.")
    return Kept()


async def note_action(db: Database, action: Action, outcome: str, detail: Mapping[str, object] | None = None) -> Kept:
    """The same of what has changed nothing, so that nobody had to be asked before."""
    event, said = _event(action, outcome, detail)
    try:
        await db.record(RECORD, **event, detail=json.dumps(said, default=_spelled))
    except ConsoleError as error:
        return _aside(db.target, event | said, error.message)
    return Kept()


def _event(
    action: Action, outcome: str, detail: Mapping[str, object] | None
) -> tuple[dict[str, str], dict[str, object]]:
    """What is known of it, and what its detail says."""
    known = {"target": action.target, "reason": action.reason, "sql": action.sql, "outcome": outcome}
    return {"kind": action.kind, "operator": str(operator.current())}, _storable(known | dict(detail or {}))


def _aside(target: Target, event: Mapping[str, object], why: str) -> Kept:
    return beside({"at": datetime.now(UTC), "database": target.address()} | dict(event), why)


def beside(event: Mapping[str, object], why: str) -> Kept:
    """Keep an event in the person's own file, because the database does not take it: `why`."""
    try:
        return Kept(why, _append(json.dumps(event, default=_spelled)))
    except (OSError, UsageError) as error:
        because = error.strerror if isinstance(error, OSError) else error.message.rstrip(".")
        return Kept(f"{why} The file could not be written: {because}.")


def local_file() -> Path:
    """Where this person's own events are, those that no database took; it may not exist."""
    return folders.state() / FILE


def _append(line: str) -> Path:
    """Add a line to a file that only this person can read."""
    path = local_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never through a link that somebody has put there, and never with the mode of an older file.
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "a", encoding="ascii") as file:
        os.fchmod(opened, 0o600)
        file.write(line + "\n")
    return path


def _spelled(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _storable(detail: Mapping[str, object]) -> dict[str, object]:
    r"""What jsonb takes: no NUL, and no half of a surrogate pair, which an odd command line leaves.

    >>> _storable({"reason": "a\0b\udc80", "blocks": 3})
    {'reason': 'a\ufffdb?', 'blocks': 3}
    """
    return {name: _clean(value) if isinstance(value, str) else value for name, value in detail.items()}


def _clean(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
