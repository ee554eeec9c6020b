"""Whether vacuum keeps up with a table: one rule, for the check of all and for every line of a list.

What has more dead rows than it should is decided where they are counted, in sql/overdue.part; here, how bad that is.
"""

from console.config.health import Health
from console.services.health.check import above
from console.services.health.models import Verdict


def behind(share: float | None, limits: Health, evidence: str = "", remedy: str = "") -> Verdict:
    """What a share of dead rows means, 0 to 1, of a table that has too many; None: it has not.

    >>> [behind(share, Health()).level.value for share in (None, 0.05, 0.15, 0.5)]
    ['ok', 'ok', 'warn', 'crit']
    """
    return above(100 * (share or 0.0), (limits.dead_rows_warn, limits.dead_rows_crit), evidence, remedy)
