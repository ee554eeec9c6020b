"""Snoozing a finding: what is asked before."""

from console.services.health.models import Finding, Level
from console.services.health.records import LONGEST
from console.ui.confirm import Question


def snoozing(finding: Finding) -> Question:
    """What a person has to say before a finding rests for a while."""
    critical = " It is critical: the first line goes on saying so." if finding.level is Level.CRIT else ""
    return Question(
        title=f"Snooze: {finding.title}",
        facts=[("found", finding.verdict.evidence)],
        consequence="Until the time that you say it stands below the others, for everybody who looks at this database; "
        f"who, why and until when is written down there, or in a file of yours where it cannot be.{critical}",
        verb="snooze",
        reason=True,
        longest=LONGEST,
    )
