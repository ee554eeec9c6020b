"""The floor under audit tables: how long their rows are kept at least, whatever a policy or a person says."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from console.errors import Refused
from console.phi import AUDIT_FLOOR_DAYS, is_audit

FLOOR_DAYS = 2_192
"""Six years with both leap days: as long as HIPAA wants documentation kept (45 CFR 164.316(b)(2)(i)). Refused below."""

HOUSE_DAYS = AUDIT_FLOOR_DAYS
"""Seven years, the platform's own policy. Warned below."""

DAY = 86_400
"""Seconds."""

Level = Literal["none", "kept", "short", "refused"]
"""No floor here; kept long enough; shorter than the house policy; shorter than the floor."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the floor says to keeping the rows of a table for so long."""

    level: Level
    """How it stands."""
    sentence: str = ""
    """What a person should know; empty where all is well."""


def judge(table: str, days: float) -> Verdict:
    """What the floor says to dropping rows of a table that are so many days old.

    >>> judge("public.audit_logs", 30).sentence
    'public.audit_logs holds audit rows, which are kept for six years (2,192 days) at least; this is 30 days.'
    >>> [judge(table, days).level for table, days in (("audit_logs", 2_192), ("audit_logs", 2_555), ("tasks", 1))]
    ['short', 'kept', 'none']
    """
    if not is_audit(table):
        return Verdict("none")
    said = f"{table} holds audit rows, which are kept for "
    if days < FLOOR_DAYS:
        return Verdict("refused", f"{said}six years ({FLOOR_DAYS:,} days) at least; this is {days:,.0f} days.")
    if days < HOUSE_DAYS:
        return Verdict("short", f"{said}seven years ({HOUSE_DAYS:,} days) by house policy; this is {days:,.0f} days.")
    return Verdict("kept")


def interval_days(seconds: float) -> int:
    """Whole days of an interval, given its epoch in seconds, in which a year has 365.25 days.

    Rounded up, because six calendar years may have one leap day only and are six years nevertheless.

    >>> interval_days(6 * 365.25 * 86_400), interval_days(86_400)
    (2192, 1)
    """
    return ceil(seconds / DAY)


def require(table: str, days: float) -> Verdict:
    """The verdict, or Refused where it is below the floor."""
    verdict = judge(table, days)
    if verdict.level == "refused":
        raise Refused(
            verdict.sentence,
            state="Nothing was changed.",
            hint=f"Keep them for {FLOOR_DAYS:,} days or longer; the house policy is seven years.",
        )
    return verdict
