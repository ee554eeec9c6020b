"""Running scripts on a stage, and watching what they lock."""

import re
from asyncio import get_running_loop
from collections.abc import Mapping

from console.db.query import Query
from console.errors import ConsoleError, StatementFailed
from console.migrate import settings
from console.migrate.failed import line_of
from console.migrate.files import Script
from console.migrate.kinds.models import LOCK_MODES, Lock
from console.migrate.rehearsal.models import Held, Relation
from console.migrate.rehearsal.refusal import NotRehearsed
from console.migrate.rehearsal.rehearsed import Traced
from console.migrate.rehearsal.scratch import Stage
from console.sql.lexer import Statement

_RELATIONS = Query(__package__, "relations")
_HELD = Query(__package__, "held")
_LOCK_TIMEOUT = 0
"""Nobody else is in the database."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class PlayFailed(ConsoleError):
    """A script failed on the stage; one in a transaction left nothing behind."""


async def play(stage: Stage, script: Script, *, watch: bool = False) -> tuple[Traced, ...]:
    """Run a script as its file wants to be run; locks are told if it is watched. PlayFailed says where it failed."""
    tables = await stage.session.fetch(_RELATIONS, Relation) if watch else []
    relations = {each.oid: each.name for each in tables}
    watched = _Watched(stage, script, relations)
    try:
        if script.header.transaction:
            async with stage.session.transaction():
                await settings.limit(stage.session, script, _LOCK_TIMEOUT)
                traced = [await watched.run(*each) for each in enumerate(script.statements, 1)]
        else:
            await settings.limit(stage.session, script, _LOCK_TIMEOUT, local=False)
            traced = [await watched.run(*each) for each in enumerate(script.statements, 1)]
    except StatementFailed as error:  # at COMMIT
        raise PlayFailed(f"{script.file}: {error.message}", sqlstate=error.sqlstate) from error
    finally:
        if not stage.session.closed:
            await settings.restore(stage.session, stage.kept)
    return tuple(traced)


class _Watched:
    """The statements of one script, and the locks that they have taken so far."""

    def __init__(self, stage: Stage, script: Script, relations: Mapping[int, str]) -> None:
        self._stage = stage
        self._script = script
        self._relations = relations
        self._held: dict[str, str] = {}

    async def run(self, number: int, statement: Statement) -> Traced:
        """Run one statement."""
        began = get_running_loop().time()
        try:
            await self._stage.session.execute(statement.text)
        except StatementFailed as error:
            raise self._failed(statement, error) from error
        seconds = get_running_loop().time() - began
        return Traced(number, statement.line, seconds, await self._locks() if self._script.header.transaction else None)

    async def _locks(self) -> tuple[Lock, ...]:
        """What is held more strongly than before."""
        if not self._relations:
            return ()
        strongest: dict[str, str] = {}
        for held in await self._stage.session.fetch(_HELD, Held, tables=list(self._relations)):
            table, mode = self._relations[held.relation], spelled(held.mode)
            if mode in LOCK_MODES:
                strongest[table] = max(strongest.get(table, mode), mode, key=LOCK_MODES.index)
        taken = {table: mode for table, mode in strongest.items() if self._held.get(table) != mode}
        self._held = strongest
        return tuple(Lock(table, mode) for table, mode in sorted(taken.items()))

    def _failed(self, statement: Statement, error: StatementFailed) -> ConsoleError:
        lacking = ", ".join(f"{name} ({why})" for name, why in self._stage.lacking.items())
        place = f"{self._script.file}, line {line_of(statement, error, 0)}: {error.message}"
        if lacking:
            return NotRehearsed(f"{place} The scratch database lacks what the live one has: {lacking}")
        if [token.lower() for token in statement.tokens[:2]] == ["create", "extension"]:
            return NotRehearsed(place)
        return PlayFailed(place, sqlstate=error.sqlstate)


def spelled(mode: str) -> str:
    """A lock mode of pg_locks as SQL writes it.

    >>> spelled("ShareUpdateExclusiveLock")
    'SHARE UPDATE EXCLUSIVE'
    """
    return _HUMP.sub(" ", mode.removesuffix("Lock")).upper()
