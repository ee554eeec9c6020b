"""A plan as somebody asks for it: which way and how far, on which database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError, LockTimeout
from console.migrate import lock, trust
from console.migrate.down import ways_back
from console.migrate.files import Folder
from console.migrate.flavour import Chosen
from console.migrate.lint.lint import lint
from console.migrate.plan import loss, service
from console.migrate.plan.reports import Inverse, Plan, PlannedMigration
from console.migrate.selection import UNCHANGED, Back, for_down, for_up
from console.migrate.server_models import Blocker, LockHolder
from console.migrate.standing import Standing, read_standing
from console.migrate.step import Step, Up
from console.migrate.watch import described, masked

if TYPE_CHECKING:
    from console.migrate.rehearsal.rehearsed import Rehearsed
    from console.migrate.rehearsal.scratch import Say

_EXCLUSIVE = Query(__package__, "exclusive")
_PATIENCE = {"statement_timeout": "60000", "lock_timeout": "1000"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which way and how far."""

    to: str | None = None
    """The last migration to apply; None means all that is pending."""
    out_of_order: bool = False
    """Whether also those that are older than the last one applied."""
    back: Back | None = None
    """How far to roll back; None plans an up."""
    flavour: Chosen | None = None
    """Which flavour, instead of what the server offers."""
    role: str | None = None
    """The role that migrations run under."""
    rehearse: bool = False
    """Whether it is tried on a scratch database, which is made for it."""

    @property
    def target(self) -> str:
        """How far, in one word."""
        return self.back.target if self.back else self.to or "all"


async def planned(target: Target, folder: Folder, wanted: Wanted, say: "Say" = lambda said: None) -> Plan:
    """What that run would do; nothing is changed. Raises what stands in its way.

    `say` hears what a rehearsal has to tell.
    """
    async with (
        await trust.opened(target, "query", settings=_PATIENCE, read_only=True, role=wanted.role) as session,
        await trust.opened(target, "query", settings=loss.SETTINGS, read_only=True, role=wanted.role) as counting,
    ):
        standing = await read_standing(session, folder, wanted.flavour, role=wanted.role)
        steps = await _steps(session, standing, wanted)
        findings = lint(folder, standing.flavour)
        try:
            found = await service.make(session, counting, standing, steps, wanted.target, findings)
        except LockTimeout as error:
            raise await _locked_out(session, error) from error
    return await _rehearsed(target, standing, steps, wanted, found, say) if wanted.rehearse else found


async def _locked_out(session: Session, error: LockTimeout) -> ConsoleError:
    """Why there is no plan now: without the schema as it is a plan has no hash. A run of the engine ends by itself."""
    running = await session.fetch(lock.HOLDER.query, LockHolder, **lock.KEY)
    if running:
        return lock.taken(lock.described(running[0], None))
    blockers = [masked(each) for each in await session.fetch(_EXCLUSIVE, Blocker)]
    message = f"{error.message.rstrip('.')}; in the way: {described(blockers)}"
    return LockTimeout(f"{message}.", state=UNCHANGED, hint="Try again when that has ended, or end it.")


async def _steps(session: Session, standing: Standing, wanted: Wanted) -> list[Step]:
    if wanted.back is None:
        return [Up(each) for each in for_up(standing, to=wanted.to, out_of_order=wanted.out_of_order)]
    return list(await ways_back(session, standing, for_down(standing, wanted.back)))


async def _rehearsed(
    target: Target, standing: Standing, steps: Sequence[Step], wanted: Wanted, found: Plan, say: "Say"
) -> Plan:
    """The plan with what a rehearsal has shown, or why there was none."""
    from console.migrate.rehearsal.refusal import NotRehearsed
    from console.migrate.rehearsal.rehearse import rehearse

    try:
        tried = {each.version: each for each in await rehearse(target, standing, steps, role=wanted.role, say=say)}
    except NotRehearsed as error:
        return replace(found, rows=[replace(row, not_rehearsed=error.message) for row in found.rows])
    return replace(found, rows=[_with(row, tried.get(row.version)) for row in found.rows])


def _with(row: PlannedMigration, tried: "Rehearsed | None") -> PlannedMigration:
    if tried is None:
        return replace(row, not_rehearsed="not rehearsed: one before it failed.")
    if tried.error is not None:
        return replace(row, not_rehearsed=f"the rehearsal failed: {tried.error}")
    inverse: Inverse = "partial" if tried.exact is False and row.inverse == "exact" else row.inverse
    stays = row.stays or (tried.stays.sentence() if tried.stays else None)
    return replace(row, rehearsed=tried.seconds, inverse=inverse, stays=stays)
