"""An export from its reason to its manifest: written down first, streamed in constant memory, proved at the end."""

import asyncio
import time
from contextlib import aclosing, suppress
from datetime import UTC, datetime

from console.db.database import Database
from console.errors import ConsoleError, Unsupported
from console.services.audit.export import findings, formats, manifest, reading, signing
from console.services.audit.export.file import Partial, Places, beside, write_new
from console.services.audit.export.intent import Intent, intend
from console.services.audit.export.models import Hear, Progress, Snapshot, Wanted, Written
from console.services.audit.export.signing import SigningKey
from console.services.audit.recording import Recorder
from console.units import number_of

INTERVAL = 0.25
"""Seconds between two pieces of news."""


async def export(db: Database, wanted: Wanted, hear: Hear = lambda progress: None) -> Written:
    """Write the file and its manifest.

    Refused (exit 16) where it cannot be recorded beforehand; exit 41 on a full disk. Failed or stopped, by cancelling
    the task, it leaves what it has as `.partial`, with a manifest that says so.
    """
    places = Places.named(wanted.output, wanted.masked)
    places.check()
    key = signing.signing_key(signing.configured(db.target.profile))
    intent, recorder = await intend(db, wanted), Recorder(db)
    if intent.ready.here.any_bytes:  # masks and quotes work on characters, and a file of bytes would be no UTF-8
        raise Unsupported(
            "This database is SQL_ASCII: nothing says how its texts are encoded, and no file of them would be right.",
            state="Nothing was written.",
            hint="emr-console audit search shows its rows, with bytes that are not UTF-8 spelled out.",
        )
    await recorder.record(intent.outcome("begun"))
    file = Partial(places)
    try:
        seen = await _stream(db, intent, file, hear)
        _prove(intent, file, seen, key)
    except BaseException as error:
        await _stopped(intent, file, key, recorder, error)
        raise
    await recorder.note(intent.outcome("complete", rows=file.rows, sha256=file.sha256))
    signed = key is not None
    return Written(places.final, places.manifest, file.rows, file.bytes, file.sha256, signed, intent.remark)


async def _stream(db: Database, intent: Intent, file: Partial, hear: Hear) -> Snapshot:
    wanted, news = intent.wanted, _News(intent, hear)
    async with db.apart() as session:
        seen = await reading.snapshot(session)
        said = intent.printed(seen)
        if wanted.layout == "review":
            found = await findings.reviewed(session, db.target.profile, intent.span)
            said |= found.said()
            source = findings.blocks(session, found, wanted, intent.span[1])
        else:
            source = reading.blocks(session, intent.ready, wanted, intent.span)
        file.add(0, formats.head(wanted, said))
        async with aclosing(source) as blocks:
            async for rows, block, through in blocks:
                file.add(rows, formats.unescaped(wanted.format, block))
                news.tell(file.rows, through)
        file.add(0, formats.foot(wanted.format))
    return seen


class _News:
    """Tells how far it is, several times a second."""

    def __init__(self, intent: Intent, hear: Hear) -> None:
        self._lower, upper = intent.span
        until_now = min(upper, intent.ready.here.now) - self._lower  # hardly anything is dated ahead of the clock
        self._length = max(1.0, until_now.total_seconds())
        self._through = self._lower
        self._hear = hear
        self._next = 0.0

    def tell(self, rows: int, through: datetime | None) -> None:
        """So many rows, and everything through that moment, if a window has ended."""
        self._through = through or self._through
        now = time.monotonic()
        if now >= self._next:
            self._next = now + INTERVAL
            share = (self._through - self._lower).total_seconds() / self._length
            self._hear(Progress(rows, self._through, min(1.0, share)))


def _prove(intent: Intent, file: Partial, seen: Snapshot, key: SigningKey | None) -> None:
    """File and manifest are on the disk before the file has its name."""
    file.finish()
    told = intent.told() | _of_snapshot(seen) | _of_file(file, file.places.final.name, complete=True)
    write_new(file.places.manifest, manifest.rendered(manifest.sealed(told, key)))
    file.publish()


async def _stopped(
    intent: Intent, file: Partial, key: SigningKey | None, recorder: Recorder, error: BaseException
) -> None:
    """Mark what there is as a part, and write down that it stopped."""
    file.stop()
    left = file.places.partial
    told = intent.told() | _of_file(file, left.name, complete=False)
    with suppress(ConsoleError):  # on a full disk the name alone says it
        write_new(beside(left), manifest.rendered(manifest.sealed(told, key)))
    if isinstance(error, ConsoleError):
        error.state = f"{number_of(file.rows, 'row is', 'rows are')} in {left}, which is marked as incomplete."
    word = "stopped" if isinstance(error, asyncio.CancelledError) else "failed"
    with suppress(ConsoleError):  # the server may be what has failed
        await recorder.note(intent.outcome(word, rows=file.rows))


def _of_snapshot(seen: Snapshot) -> dict[str, object]:
    return {"snapshot": {"id": seen.id, "lsn": seen.lsn, "taken_at": seen.taken_at.isoformat()}}


def _of_file(file: Partial, name: str, *, complete: bool) -> dict[str, object]:
    return {
        "finished_at": datetime.now(UTC).isoformat(),
        "file": name,
        "complete": complete,
        "rows": file.rows,
        "bytes": file.bytes,
        "sha256": file.sha256,
    }
