"""The journal of files that run outside a transaction: what was meant, what is done, one committed row a statement."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from console.db.query import Query
from console.errors import ConsoleError, Exit
from console.migrate import recording
from console.migrate.asker import Reader
from console.migrate.files import Script
from console.migrate.journal_models import Entry
from console.migrate.reports import done_and_stay
from console.migrate.run import Run
from console.migrate.step import Step, Up
from console.sql.lexer import Statement

_CARRY = Query(__package__, "journal_carry")
_ENTRIES = Query(__package__, "journal")
_INTENT = Query(__package__, "journal_intent")
_END = Query(__package__, "journal_end")


async def begin(run: Run, step: Step) -> int:
    """Begin a file, or go on with it where an earlier run stopped; how many of its statements are done.

    ConsoleError with exit 11 where one of these is not what it was.
    """
    await run.session.run(_CARRY, run=run.id, version=step.version, direction=direction(step))
    done = [entry for entry in await entries(run.session, run.id, step.version) if entry.state == "done"]
    _refuse_changed(step.script, done)
    async with run.session.transaction():
        await recording.record_begun(run, step, len(done))
    return len(done)


async def entries(reader: Reader, run: UUID, version: str) -> list[Entry]:
    """What a run's journal tells of a file."""
    return await reader.fetch(_ENTRIES, Entry, run=run, version=version)


async def intent(run: Run, step: Step, number: int, statement: Statement) -> None:
    """Write that a statement is about to run that no transaction can hold."""
    await run.session.run(_INTENT, **_which(run, step, number, statement))


async def end(run: Run, step: Step, number: int, statement: Statement, *, sqlstate: str | None = None) -> None:
    """Write that a statement is done, or with its SQLSTATE that it failed."""
    state = "failed" if sqlstate else "done"
    await run.session.run(_END, **_which(run, step, number, statement), state=state, sqlstate=sqlstate)


def direction(step: Step) -> str:
    """up or down."""
    return "up" if isinstance(step, Up) else "down"


def hashed(statement: Statement) -> str:
    """What a statement says, without comments and space."""
    return hashlib.sha256("\0".join(statement.tokens).encode()).hexdigest()


def _which(run: Run, step: Step, number: int, statement: Statement) -> dict[str, object]:
    return {
        "run": run.id,
        "version": step.version,
        "direction": direction(step),
        "statement": number,
        "sha256": hashed(statement),
        "line": statement.line,
    }


def _refuse_changed(script: Script, done: Sequence[Entry]) -> None:
    """What is done is done: a file that is mended goes on only with the same beginning."""
    now = [hashed(statement) for statement in script.statements]
    for number, entry in enumerate(done, 1):
        if now[number - 1 : number] != [entry.statement_sha256]:
            raise ConsoleError(
                f"{script.file}: statement {number}, which is done already, is not what it was then.",
                state=f"{done_and_stay(len(done), 'its statements')}; nothing more was changed.",
                hint="Restore the statements that are done, and mend only what comes after them.",
                exit=Exit.FILE_CHANGED,
            )
