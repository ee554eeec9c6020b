"""A rehearsal: what is applied is run again on a scratch database, then each step there, back and there again.

It knows the schema that the migrations make, and empty tables. What others have made by hand beside it is named before,
because cascades into that are not seen; how long a step takes on real rows it cannot tell.
"""

from collections.abc import Sequence

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.migrate.classify import stopped
from console.migrate.files import Script
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Fingerprint, difference
from console.migrate.kept import kept_script
from console.migrate.models import APPLIED
from console.migrate.rehearsal.models import AppliedText
from console.migrate.rehearsal.play import PlayFailed, play
from console.migrate.rehearsal.refusal import NotRehearsed, refuse_reaching_out
from console.migrate.rehearsal.rehearsed import Rehearsed
from console.migrate.rehearsal.scratch import Say, Stage, scratch
from console.migrate.rehearsal.trial import try_all
from console.migrate.standing import Standing
from console.migrate.step import Step, Up

_APPLIED_TEXTS = Query(__package__, "applied_texts")
_HALF_DONE = frozenset({"failed_partial", "in_doubt", "rollback_failed_partial"})


async def rehearse(
    target: Target, standing: Standing, steps: Sequence[Step], *, role: str | None, say: Say
) -> list[Rehearsed]:
    """Try steps in their order; fewer come back where one failed. NotRehearsed tells in a sentence why none was."""
    _refuse(standing)
    _refuse_half_done(standing)
    async with scratch(target, role, say) as stage:
        ups = await _applied(stage.live, standing)
        for script in [*ups.values(), *_scripts(steps)]:
            refuse_reaching_out(script)
        before = await _replay(stage, ups, {step.version for step in steps})
        await _tell_unlike(stage, say)
        return await try_all(stage, steps, ups, before)


async def levels(target: Target, standing: Standing, *, role: str | None, say: Say) -> list[Fingerprint]:
    """The fingerprint of an empty database and after each migration of the folder; one more than there are of those."""
    _refuse(standing)
    for migration in standing.migrations:
        refuse_reaching_out(migration.up)
    async with scratch(target, role, say) as stage:
        found = [await fingerprint(stage.session)]
        for migration in standing.migrations:
            await _must_play(stage, migration.up)
            found.append(await fingerprint(stage.session))
        return found


def _refuse(standing: Standing) -> None:
    """Stop before a second connection, which a server of one session would not survive."""
    if standing.books.unreadable is not None:
        raise standing.books.unreadable
    if standing.server.single_session:
        raise NotRehearsed("every connection of this server is the same session, in the same database.")
    if standing.server.in_recovery:
        raise NotRehearsed("this server is a standby.", hint="Ask the primary.")


def _refuse_half_done(standing: Standing) -> None:
    labels = [row.label for row in standing.books.recorded if stopped(row) in _HALF_DONE]
    if labels:
        raise NotRehearsed(f"{', '.join(labels)} is half done, and nobody knows how to make such a schema again.")


def _scripts(steps: Sequence[Step]) -> list[Script]:
    backs = [step.migration.down for step in steps if isinstance(step, Up) and step.migration.down]
    return [step.script for step in steps] + backs


async def _applied(live: Session, standing: Standing) -> dict[str, Script]:
    """The ups that were run here by version, in their order, as the ledger keeps them."""
    if not standing.presence.ledger:
        return {}
    rows = await live.fetch(_APPLIED_TEXTS, AppliedText, applied=list(APPLIED))
    return {row.version: kept_script(f"{row.version}_{row.name}.up.sql", row.up_text, [row.up_sha256]) for row in rows}


async def _replay(stage: Stage, ups: dict[str, Script], wanted: set[str]) -> dict[str, Fingerprint]:
    """Run what is applied; the fingerprints before those that are wanted."""
    before: dict[str, Fingerprint] = {}
    for version, script in ups.items():
        if version in wanted:
            before[version] = await fingerprint(stage.session)
        await _must_play(stage, script)
    return before


async def _must_play(stage: Stage, script: Script) -> None:
    try:
        await play(stage, script)
    except PlayFailed as error:
        raise NotRehearsed(f"what the migrations make could not be made again. {error.message}") from error


async def _tell_unlike(stage: Stage, say: Say) -> None:
    live, made = await fingerprint(stage.live), await fingerprint(stage.session)
    unlike = difference(made.structure, live.structure)
    if unlike:
        say(f"This database is not what its migrations make, and that part is not rehearsed: {unlike.sentence()}.")
