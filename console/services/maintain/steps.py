"""The steps: weeks ahead, old weeks retired, reports refreshed."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from console.db.query import Query
from console.db.session import Session
from console.errors import ConnectionFailed, ConsoleError, Exit, Refused
from console.migrate.tries import tries
from console.services.events import Action, record_action
from console.services.maintain.models import KINDS, Outcome, Result, Since, Step
from console.services.retention.holds import standing
from console.services.retention.models import Place
from console.services.storage.models import Part
from console.services.storage_actions import ahead, partitions, views
from console.services.storage_actions.partitions import place_of
from console.services.storage_actions.performing import outcome, perform
from console.services.storage_actions.plan import Plan
from console.units import number_of

REASON = "emr-console maintain"
"""What its events give as their reason."""

PASSES = 3
"""How often DEFAULT is looked at: rows may come into it while weeks are made."""

NO_ROOM = "23514"
"""A row came into DEFAULT, unseen, that belongs to a week which was about to be made."""

_SINCE = Query(__package__, "kept_since")


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody has agreed to."""

    confirmed: bool = True
    """Whether rows may be dropped here."""
    database: str = ""
    """The name that has to be confirmed where they may not."""
    accept_stall: float = 0.0
    """Seconds for which writers may be kept out; five at least."""
    dry_run: bool = False
    """Whether only to look."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one run."""

    session: Session
    terms: Terms

    async def partitions(self) -> AsyncIterator[Result]:
        """Weeks ahead, and rows out of DEFAULT, until none is left there but those that stay, which are a finding.

        Weeks for which no row waits come first, so that no more rows go to DEFAULT while those there cannot be moved.
        """
        for number in range(1 if self.terms.dry_run else PASSES):
            found = await ahead.look(self.session, await partitions.clock(self.session))
            finding = Exit.FINDINGS if found.far else Exit.OK
            if found.nothing:
                if not number:
                    said = f"All weeks are there; {ahead.staying(found.far) or 'DEFAULT is empty.'}"
                    result = await self._said("partitions", ahead.TARGET, "nothing", said, exit=finding)
                    yield replace(result, detail={"stay": found.far})
                return
            if found.free and not number and not self.terms.dry_run:  # what moves rows may be refused, or fail
                result = await self._do("partitions", ahead.TARGET, partial(ahead.without_moving, found))
                if result.sqlstate != NO_ROOM:
                    yield result
                found = await ahead.look(self.session, await partitions.clock(self.session))
            result = await self._do("partitions", ahead.TARGET, partial(ahead.plan, found, self.terms.accept_stall))
            result = replace(result, exit=result.exit or finding)
            if result.sqlstate != NO_ROOM or number == PASSES - 1:
                yield result
            if result.outcome != "done" and result.sqlstate != NO_ROOM:
                return

    async def retire(self) -> AsyncIterator[Result]:
        """Weeks older than seven years are dropped, one by one, where no hold stands."""
        since = await self.session.fetch_one(_SINCE, Since)
        for table in await ahead.audit(self.session):
            place, old = place_of(table), partitions.expired(await partitions.read(self.session, table), since.since)
            obstacle = await self._obstacle(place, old)
            if obstacle is not None:
                yield obstacle
                continue
            for part in old:
                rows = await partitions.count(self.session, part)
                make = partial(partitions.drop, table, part, now=since.now, rows=rows)
                yield await self._do("retire", place.told, make)

    async def refresh(self) -> AsyncIterator[Result]:
        """The materialized views, beside their readers."""
        for view in await views.reports(self.session):
            yield await self._do("refresh", f"{view.schema_name}.{view.view_name}", partial(views.refresh, view))

    async def _obstacle(self, place: Place, old: Sequence[Part]) -> Result | None:
        """Why no week of a table is dropped; None where those that are old may go."""
        if not old:
            return await self._said("retire", place.told, "nothing", "No week is older than seven years.")
        weeks = f"{number_of(len(old), 'week')} of {place.told} older than seven years"
        if holds := await standing(self.session, place):
            said = "; ".join(hold.told for hold in holds)
            return await self._said("retire", place.told, "held", f"{weeks}, and stay under legal hold: {said}.")
        if not self.terms.confirmed:
            said = f"{weeks}; on production they are dropped only with --confirm {self.terms.database}."
            return await self._said("retire", place.told, "refused", said, exit=Exit.REFUSED)
        return None

    async def _do(self, step: Step, target: str, make: Callable[[], Plan]) -> Result:
        try:
            plan = replace(make(), kind=KINDS[step], schedule=list(tries()))
        except Refused as error:
            return await self._said(step, target, "refused", error.sentence(), exit=error.exit)
        if self.terms.dry_run:
            facts = ", ".join(f"{label} {value}" for label, value in plan.facts)
            return Result(step=step, target=target, outcome="would", message=facts or plan.title, sql=plan.sql)
        try:
            done = await perform(self.session, plan, REASON)
        except ConnectionFailed:
            raise
        except ConsoleError as error:
            return _failed(step, target, plan, error)
        return Result(
            step=step,
            target=target,
            outcome="done",
            message=done.said.sentence,
            sql=plan.sql,
            seconds=round(done.seconds, 3),
            detail=done.said.detail,
        )

    async def _said(self, step: Step, target: str, came_to: Outcome, message: str, exit: int = 0) -> Result:  # noqa: A002
        """A step for which nothing was sent; written down all the same, so that it is seen that somebody looked."""
        if not self.terms.dry_run:
            action = Action(KINDS[step], target, REASON, "")
            await record_action(self.session, action, came_to, {"seconds": 0.0, "message": message})
        return Result(step=step, target=target, outcome=came_to, message=message, exit=exit)


def _failed(step: Step, target: str, plan: Plan, error: ConsoleError) -> Result:
    return Result(
        step=step,
        target=target,
        outcome="refused" if outcome(error) == "refused" else "failed",
        message=error.sentence(),
        sql=plan.sql,
        sqlstate=error.sqlstate,
        exit=error.exit,
    )
