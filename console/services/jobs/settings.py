"""Changes of a job's settings: how often it is started, and what its procedure is told."""

import json
from collections.abc import Mapping
from typing import Any

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused, UsageError
from console.services.jobs import guard
from console.services.jobs.subject import Subject, read
from console.services.retention.holds import UNCHANGED
from console.services.storage_actions.plan import Plan, Said
from console.units import duration

FIXED_KEYS = ("hypertable_id", "mat_hypertable_id")
"""What binds a policy to its table; with another number it would work on another one."""

_INTERVAL = Query(__package__, "change_interval")
_CONFIG = Query(__package__, "change_config")


async def interval(session: Session, subject: Subject, value: str) -> Plan:
    """Another interval between two starts; TimescaleDB would take none at all, and a negative one."""
    row = subject.row
    seconds = await guard.span(session, value)
    if seconds < 1:
        raise UsageError(f"A job cannot be started every {value}.", state=UNCHANGED, hint="Such as '1 hour'.")

    async def verify(session: Session) -> Said:
        now = await read(session, row.id)
        if now.interval != seconds:
            raise Refused(f"Job {row.id} has kept its interval of {duration(now.interval)}.", state=UNCHANGED)
        return Said(f"Job {row.id} is started every {duration(seconds)} from now on.")

    return Plan(
        kind="job.interval",
        target=subject.told,
        title=f"Start {subject.told} every {duration(seconds)}",
        facts=(*subject.facts, ("until now", f"every {duration(row.interval)}")),
        statements=(subject.statement(_INTERVAL, interval=value),),
        consequence="The next start is worked out anew from it.",
        verb="change",
        verify=verify,
    )


async def config(session: Session, subject: Subject, value: str) -> Plan:
    """Another configuration, the whole of it; what binds a policy to its table stays."""
    row = subject.row
    wanted = rebound(row.settings, parsed(value))
    warning = await guard.require_kept(session, row, wanted)

    async def check(session: Session) -> None:
        if (await read(session, row.id)).config != row.config:
            raise Refused(
                f"Somebody else has just changed job {row.id}.", state=UNCHANGED, hint="Look at it again, then decide."
            )

    async def verify(session: Session) -> Said:
        if (await read(session, row.id)).config != wanted:
            raise Refused(f"Job {row.id} has not taken the new configuration.", state=UNCHANGED)
        return Said(f"Job {row.id} has the new configuration.")

    drops = guard.drops_rows(row)
    return Plan(
        kind="job.config",
        target=subject.told,
        title=f"Change what {subject.told} is told",
        facts=(*subject.facts, ("until now", json.dumps(row.config)), ("from now on", json.dumps(wanted))),
        statements=(subject.statement(_CONFIG, config=json.dumps(wanted)),),
        consequence=" ".join(part for part in ("It holds from its next run on.", warning) if part),
        verb="change",
        typed=row.table_name or "" if drops and await _shorter(session, row.settings, wanted) else "",
        check=check,
        verify=verify,
    )


def parsed(text: str) -> dict[str, Any]:
    """A configuration as a person types it.

    >>> parsed('{"drop_after": "7 years"}')
    {'drop_after': '7 years'}
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(
            "The configuration is no JSON object.", state=UNCHANGED, hint="""Such as '{"drop_after": "7 years"}'."""
        )
    return found


def rebound(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted configuration, bound to the same table as the known one.

    >>> rebound({"hypertable_id": 2, "drop_after": "7 years"}, {"drop_after": "8 years"})
    {'hypertable_id': 2, 'drop_after': '8 years'}
    """
    bound = {key: known[key] for key in FIXED_KEYS if key in known}
    if any(wanted.get(key, value) != value for key, value in bound.items()) or any(
        key in wanted and key not in bound for key in FIXED_KEYS
    ):
        raise Refused(
            f"{' and '.join(FIXED_KEYS)} bind a policy to its table, and cannot be changed.",
            state=UNCHANGED,
            hint="Remove the policy and add one for the other table.",
        )
    return bound | dict(wanted)


async def _shorter(session: Session, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether rows go that would have stayed."""
    return await guard.kept_for(session, wanted) < await guard.kept_for(session, known)
