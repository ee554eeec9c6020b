"""Which migrations are there although the ledger does not say so; nothing is changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import StatementFailed
from console.migrate import verify
from console.migrate.adopt.evidence import Evidence, Verdict, compared, named, verdict
from console.migrate.adopt.models import KnexRow
from console.migrate.files import Migration, Script
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Fingerprint
from console.migrate.models import APPLIED
from console.migrate.rehearsal.refusal import NotRehearsed
from console.migrate.rehearsal.rehearse import levels
from console.migrate.rehearsal.scratch import Say
from console.migrate.standing import Standing

_KNEX_ROWS = Query(__package__, "knex_rows")


@dataclass(frozen=True, slots=True)
class Found:
    """One migration, and what speaks for its having run."""

    migration: Migration
    """Its files."""
    verdict: Verdict
    """What is to be done with it."""
    evidence: Evidence
    """Why."""
    knex: tuple[KnexRow, ...]
    """What knex says of it."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Every migration of the folder against the live schema."""

    rows: Sequence[Found]
    """In order."""
    duplicates: Mapping[str, int]
    """Names that stand in knex's table more than once, and how often."""
    note: str | None = None
    """Why it was not rehearsed, so that only names and checks speak."""

    @property
    def adoptable(self) -> list[Found]:
        """Those that can be adopted."""
        return [row for row in self.rows if row.verdict == "adopt"]


async def survey(session: Session, target: Target, standing: Standing, *, role: str | None, say: Say) -> Survey:
    """Compare what the migrations make with what is there."""
    if standing.books.unreadable is not None:
        raise standing.books.unreadable
    knex = await session.fetch(_KNEX_ROWS, KnexRow) if standing.presence.knex else []
    expected, note = await _expected(target, standing, role, say)
    live = await fingerprint(session)
    speaking = compared(expected, live) if expected else [named(each, live) for each in standing.migrations]
    found: list[Found] = []
    for migration, evidence in zip(standing.migrations, speaking, strict=True):
        row = Found(migration, "pending", evidence, _hints(migration, knex))
        intact = all(before.verdict in ("recorded", "adopt") for before in found)
        found.append(await _judged(session, standing, row, intact=intact))
    often = Counter(row.name for row in knex)
    return Survey(found, {name: count for name, count in often.items() if count > 1}, note)


async def _expected(
    target: Target, standing: Standing, role: str | None, say: Say
) -> tuple[Sequence[Fingerprint], str | None]:
    try:
        return await levels(target, standing, role=role, say=say), None
    except NotRehearsed as error:
        return [], error.message


def _hints(migration: Migration, knex: Sequence[KnexRow]) -> tuple[KnexRow, ...]:
    return tuple(row for row in knex if row.name.partition(".")[0] == migration.label)


async def _judged(session: Session, standing: Standing, row: Found, *, intact: bool) -> Found:
    migration, evidence = row.migration, row.evidence
    recorded = standing.books.by_version.get(int(migration.version))
    if recorded is not None and recorded.state in APPLIED:
        return replace(row, verdict="recorded")
    if migration.verify is not None and (evidence.seen or evidence.whole):
        evidence = replace(evidence, failed=await _failed(session, migration.version, migration.verify))
    vouched = bool(row.knex) or migration.verify is not None
    return replace(row, verdict=verdict(evidence, vouched=vouched, intact=intact), evidence=evidence)


async def _failed(session: Session, version: str, script: Script) -> tuple[str, ...]:
    """The checks that do not hold; one that cannot be asked does not."""
    try:
        async with session.transaction(read_only=True):
            found = await verify.checks(session, version, script)
    except StatementFailed as error:
        return (error.message,)
    return tuple(check.sentence() for check in verify.false_ones(found))
