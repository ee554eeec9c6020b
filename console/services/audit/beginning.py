"""A search begins: understood, its patients and users looked up, and written down; paging on adds no event."""

from dataclasses import dataclass, replace
from typing import Literal

from console.config.file import default_path
from console.db.database import Database
from console.services.audit import cursor, search, terms
from console.services.audit.models import Cursor
from console.services.audit.recording import Access, Recorder
from console.services.audit.search import Ready
from console.services.events import Kept


@dataclass(frozen=True)
class Begun:
    """A search that is written down."""

    ready: Ready
    """What is searched."""
    kept: Kept
    """Where it is written down: in the audit log, else in the person's own file, and why."""
    going_on: Cursor | None = None
    """Where it goes on; None at its beginning."""


async def begin(db: Database, recorder: Recorder, text: str) -> Begun:
    """A new search; SearchError where it cannot be understood, Unsupported without an audit log."""
    ready = await search.ready(db, text)
    patient = ready.identity.patient if ready.identity else None
    written = terms.redacted(ready.search, terms.key(default_path().parent), ready.unknown)
    span = {"since": ready.search.since, "until": ready.search.until}
    detail: dict[str, object] = {"search": written} | {name: at and at.isoformat() for name, at in span.items()}
    about: Literal["PATIENT", "AUDIT_LOG"] = "PATIENT" if ready.identity else "AUDIT_LOG"
    return Begun(ready, await recorder.note(Access("SEARCH", patient, about, detail=detail)))


async def go_on(db: Database, text: str, word: str) -> Begun:
    """The same search where its last page ended; it was written down when it began, in this database."""
    ready = await search.ready(db, text)
    place = cursor.read(word, text, _key(ready))
    wanted = replace(ready.search, since=place.since, until=place.until)
    return Begun(replace(ready, search=wanted), Kept(), place.cursor)


def next_word(begun: Begun, following: Cursor | None) -> str | None:
    """What `--cursor` takes to go on; None at the end."""
    if following is None:
        return None
    wanted = begun.ready.search
    return cursor.written(cursor.Place(wanted.text, wanted.since, wanted.until, following), _key(begun.ready))


def _key(ready: Ready) -> bytes:
    """Of cursors: one that another database has given would read this one without a word in its audit log."""
    return terms.key(default_path().parent) + ready.here.whose.encode()
