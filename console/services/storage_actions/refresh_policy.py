"""Setting the policy that refreshes a continuous aggregate: removed, added, looked at."""

from math import isclose

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.services.capabilities import Ability, Capabilities
from console.services.retention.holds import UNCHANGED
from console.services.storage.aggregate_models import Continuous
from console.services.storage.models import Policy
from console.services.storage.tables import limit
from console.services.storage_actions.chunks import written
from console.services.storage_actions.models import Refreshes, Span
from console.services.storage_actions.partitions import spelled
from console.services.storage_actions.plan import Plan, Said

_REMOVE = Query(__package__, "remove_refresh")
_ADD = Query(__package__, "add_refresh")
_POLICIES = Query(__package__, "refresh_policies")


def refresh_every(
    able: Capabilities, aggregate: Continuous, *, start: Span, end: Span, every: Span, drop: Policy | None
) -> Plan:
    """Refresh what lies between two spans before now, again and again.

    Refused where it would reach what `drop`, the retention of the raw rows, has taken away.
    """
    able.require(Ability.AGGREGATES)
    told = f"{aggregate.schema_name}.{aggregate.view_name}"
    kept = limit(drop)
    if kept is not None and start.seconds >= kept:
        raise Refused(
            f"Refreshes of {told} would reach back as far as raw rows are dropped, and take them from it as well.",
            state=UNCHANGED,
            hint="Let them reach back less far than raw rows are kept.",
        )
    wanted = Refreshes(start=start.seconds, end=end.seconds, every=every.seconds)
    view = spelled(aggregate.schema_name, aggregate.view_name)

    async def verify(session: Session) -> Said:
        """What TimescaleDB has now."""
        where = {"schema": aggregate.schema_name, "name": aggregate.view_name}
        found = await session.fetch(_POLICIES, Refreshes, **where)
        if len(found) != 1 or not _alike(found[0], wanted):
            raise Refused(
                "TimescaleDB has not the policy that was meant.",
                state="It was rolled back; nothing was changed.",
                hint="Look at the jobs of this aggregate.",
            )
        return Said(f"Every {every.text} it refreshes what is {end.text} to {start.text} old.")

    return Plan(
        kind="policy.refresh",
        target=told,
        title=f"Refresh {told} every {every.text}",
        statements=(
            written(_REMOVE, able, view=view),
            written(_ADD, able, view=view, start=start.text, end=end.text, every=every.text),
        ),
        consequence=f"What changes later than {start.text} after it happened is not refreshed by itself.",
        verb="set",
        verify=verify,
    )


def _alike(found: Refreshes, wanted: Refreshes) -> bool:
    pairs = ((found.start, wanted.start), (found.end, wanted.end), (found.every, wanted.every))
    return all(a is not None and b is not None and isclose(a, b, abs_tol=1.0) for a, b in pairs)
