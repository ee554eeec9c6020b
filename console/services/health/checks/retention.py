"""Retention: not too early, and by one mechanism only."""

from console.services.health.check import Around, Check, crit, ok, warn, worst
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


CHECKS = (Check("H12", "Retention of audit rows", RETENTION, floor, "storage"),)
"""What can be told of retention."""
