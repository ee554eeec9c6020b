"""A statement that was begun outside a transaction and never heard of again: did it run? Asked of its trace."""

import json

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError
from console.migrate import journal, journal_models
from console.migrate.asker import Reader
from console.migrate.files import Folder, Script
from console.migrate.flavour import Chosen
from console.migrate.journal_models import Attempted, Entry
from console.migrate.kept import kept_script
from console.migrate.models import Presence
from console.migrate.reports import done_and_stay
from console.migrate.run import Run
from console.migrate.selection import refuse_untold
from console.migrate.standing import Standing, read_standing
from console.sql.lexer import Statement

UNFINISHED = frozenset({"applying", "rolling_back", "in_doubt"})
"""Ledger states of a file that runs outside a transaction, when nobody is running it any more."""

_ATTEMPTED = Query(__package__, "attempted")
_END = Query(__package__, "journal_settle")
_SETTLE = Query(__package__, "settle")
_REPEATABLE = frozenset({"vacuum", "analyze", "reindex", "checkpoint"})
_REFRESH = ("call", "refresh_continuous_aggregate")


async def settled(
    run: Run, folder: Folder, flavour: Chosen | None = None, *, presence: Presence | None = None
) -> Standing:
    """How things stand once it is decided what became of every file that had stopped half-way.

    The lock is ours, so nobody is at work. What no trace decides stays in doubt, for a person. Raises Refused where the
    ledger cannot be believed.
    """
    standing = await read_standing(run.session, folder, flavour, presence=presence)
    refuse_untold(standing)
    left = [row.version for row in standing.books.recorded if row.state in UNFINISHED]
    for version in left:
        await settle_one(run, version)
    return await read_standing(run.session, folder, flavour) if left else standing


async def settle_one(run: Run, version: str) -> str:
    """Decide about one file, if it stopped half-way, and tell what came out."""
    row = await attempted(run.session, version)
    return await _settle(run, row) if row and row.state in UNFINISHED else ""


async def entries_of(reader: Reader, row: Attempted) -> list[Entry]:
    """What the journal tells of it."""
    found = await journal.entries(reader, row.run_id, row.version)
    return [entry for entry in found if entry.direction == row.direction]


async def attempted(reader: Reader, version: str) -> Attempted | None:
    """How a file stopped; None where the ledger knows nothing of it."""
    return next(iter(await reader.fetch(_ATTEMPTED, Attempted, version=version)), None)


async def _settle(run: Run, row: Attempted) -> str:
    entries = await entries_of(run.session, row)
    done, begun = journal_models.done(entries), journal_models.begun(entries)
    evidence = "no statement was at work"
    if begun is not None:
        verdict = await trace(run.session, script_of(row), begun)
        if verdict is None and row.state == "in_doubt":
            return ""  # that is known already
        if verdict is None:
            evidence = f"whether statement {begun} has run, nothing tells"
            return await _write(run, row, "in_doubt", done, evidence)
        done += verdict
        evidence = f"statement {begun} has {'run to its end' if verdict else 'not run to its end'}"
        await close(run, row, begun, done=verdict)
    return await _write(run, row, stopped_state(row, partial=bool(done or begun)), done, evidence)


def stopped_state(row: Attempted, *, partial: bool) -> str:
    """The state of a file of which nobody is in doubt any more; `partial` where anything of it may stay."""
    if row.direction == "up":
        return "failed_partial" if partial else "failed_clean"
    return "rollback_failed_partial" if partial or not row.applied else "rollback_failed_clean"


async def trace(session: Session, script: Script, number: int) -> bool | None:
    """Whether a statement that was begun has come to its end; None where nothing tells.

    Its probe decides, else the index that it built or dropped; what can be repeated without harm counts as not done.
    """
    from console.migrate.concurrently import concurrent, is_done  # few runs need it, and it takes its time

    statement, probe = script.statements[number - 1], script.probes.get(number)
    if probe:
        return await probed(session, probe)
    found = concurrent(statement)
    if found:
        return await is_done(session, found)
    return False if _may_be_repeated(statement) else None


async def probed(session: Session, probe: str) -> bool:
    """Whether a probe says that its statement is done; ConsoleError where it is no question with one answer."""
    async with session.transaction(read_only=True):
        _, rows = await session.rows(probe)
    if len(rows) != 1 or len(rows[0]) != 1 or not isinstance(rows[0][0], bool):
        raise ConsoleError("A probe did not answer one boolean.", hint=f"It asks: {probe}")
    return rows[0][0]


def script_of(row: Attempted) -> Script:
    """The script that stopped, from the ledger: the file may have been mended since."""
    return kept_script(f"{row.version}_{row.name}.{row.direction}.sql", row.text or "", row.hashes)


def _may_be_repeated(statement: Statement) -> bool:
    words = [token.lower() for token in statement.tokens]
    return words[0] in _REPEATABLE or (words[0] == _REFRESH[0] and _REFRESH[1] in words)


async def close(run: Run, row: Attempted, statement: int, *, done: bool) -> None:
    """Write into the journal what is known now of a statement that was begun."""
    state = "done" if done else "failed"
    which = {"run": row.run_id, "version": row.version, "direction": row.direction, "statement": statement}
    await run.session.run(_END, **which, state=state)


async def _write(run: Run, row: Attempted, state: str, done: int, evidence: str) -> str:
    message = f"{row.version}_{row.name} stopped half-way, {done_and_stay(done, 'its statements')}: {evidence}."
    await write(run, row, state, done, kind="settled", evidence=evidence)
    run.tell("note", row.version, message=message)
    return message


async def write(run: Run, row: Attempted, state: str, done: int, *, kind: str, evidence: str) -> None:
    """Write the state of a file that stopped, what it rests on, and the event of that kind."""
    await run.session.run(
        _SETTLE,
        run=run.id,
        version=row.version,
        operator=str(run.operator),
        state=state,
        kind=kind,
        done=done if row.direction == "up" else None,
        error=json.dumps({"message": f"It stopped half-way: {evidence}."}),
        evidence=evidence,
    )
