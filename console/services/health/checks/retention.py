"""Retention: not too early, by one mechanism only, and not where a legal hold stands."""

from console.services.health.check import Around, Check, crit, ok, unknown, warn, worst
from console.services.health.models import Verdict
from console.services.health.sources import RETENTION
from console.services.storage.retention import Retained, Retention


def floor(found: Retention, around: Around) -> Verdict | None:
    """Whether audit rows are kept as long as they must be."""
    audit = [table for table in found.tables if table.verdict.level != "none" and not table.backup]
    if not audit:
        return None
    return worst([_judged(table) for table in audit])


def _judged(table: Retained) -> Verdict:
    if table.verdict.level == "refused":
        job = table.rule.policy.job_id if table.rule and table.rule.policy else None
        remedy = f"select alter_job({job}, scheduled => false);  -- then a policy of seven years" if job else ""
        return crit(table.verdict.sentence, table.drop_after, table.floor, remedy=remedy)
    if table.conflict:
        return warn(f"{table.label}: {table.conflict}", len(table.rules), 2)
    if table.verdict.level == "short":
        return warn(table.verdict.sentence, table.drop_after)
    return ok("audit rows are kept as long as they must be", table.drop_after, table.floor)


def holds(found: Retention, around: Around) -> Verdict | None:
    """Whether what drops rows stands still where a legal hold is, and nowhere else."""
    if not found.tables:
        return None
    held = [table for table in found.tables if table.holds]
    if broken := [(table, rule) for table in held for rule in table.rules if rule.works]:
        table, rule = broken[0]
        more = f"; {len(broken) - 1} more likewise" if len(broken) > 1 else ""
        said = f"{table.label} is under legal hold, and {rule.told} drops its rows{more}"
        return crit(said, len(broken), 1, remedy="\n".join(rule.stop for _, rule in broken))
    if found.holds_hidden:
        return unknown("legal holds may stand that this role cannot see", remedy=around.grant("pg_monitor"))
    idle = [(table, rule) for table in found.tables if not table.holds for rule in table.rules if not rule.works]
    if paused := [(table, rule) for table, rule in idle if rule.policy and not rule.policy.scheduled]:
        table, rule = paused[0]
        remedy = "\n".join(f"emr-console job resume {rule.job} --reason TEXT" for _, rule in paused)
        return crit(f"retention of {table.label} is paused, and no hold asks for it", len(paused), 1, remedy=remedy)
    names = " and ".join(table.label for table in held)
    return ok(f"nothing drops rows of {names}, under legal hold" if held else "no table is under legal hold", 0)


CHECKS = (
    Check("H12", "Retention of audit rows", RETENTION, floor, "storage"),
    Check("D21", "Legal holds", RETENTION, holds, "storage"),
)
"""What can be told of retention."""
