"""The reports that are asked for by name: each is one of the twelve questions, written as an export with a title."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from console.errors import UsageError
from console.iso import shifted
from console.services.audit.export.models import Format, Layout, Wanted
from console.services.audit.questions import QUESTIONS
from console.services.audit.review.service import LONGEST, USUAL

PROOF = "A finding says what was seen, never that somebody is guilty. Days are UTC."
"""Said below the title of a review."""


@dataclass(frozen=True, slots=True)
class Report:
    """One of them."""

    question: str
    """The name of its question."""
    about: str
    """What has to be named: a patient, or a user."""
    title: str
    """Its title."""
    remark: str = ""
    """What a reader has to know; empty if nothing."""
    layout: Layout = "events"
    """What its rows are."""

    def search(self, value: str, since: str | None) -> str:
        """The search, of this patient or user; `since` takes the place of the usual span.

        >>> REPORTS["user"].search("ana", None), REPORTS["user"].search("ana", "1y")
        ('user:ana since:30d', 'user:ana since:1y')
        """
        (asked,) = (question.asked(value) for question in QUESTIONS if question.name == self.question)
        return asked if since is None else f"{asked.partition(' since:')[0]} since:{since}"


REPORTS = {
    "access": Report("patient", "patient", "Access report"),
    "disclosures": Report(
        "disclosures",
        "patient",
        "Accounting of disclosures (45 CFR 164.528)",
        "It lists the exports that the audit log knows of; disclosures by other ways are not in it. Recipient and"
        " purpose are what the events say, not recorded where they say nothing. What may be left out of the accounting"
        " follows from the code of the reason: treatment, payment, operations, or the patient's own request.",
        "disclosures",
    ),
    "user": Report("account", "user", "User activity"),
}
"""By name."""


def of_review(since: date | None, until: date | None, format_: Format, output: Path, reason: str) -> Wanted:
    """The report of a review of whole days, UTC: the last seven where none are said; it names no patient.

    >>> of_review(date(2026, 3, 1), date(2026, 3, 8), "html", Path("r.html"), "weekly").query
    'since:2026-03-01 until:2026-03-08'
    """
    end = until or datetime.now(UTC).date()
    start = since or shifted(end, -USUAL)
    if not timedelta() < end - start <= LONGEST:
        raise UsageError(f"A review takes 1 to {LONGEST.days} whole days.", state="Nothing was exported.")
    title = f"Review of accesses, {start} to {end - timedelta(days=1)}"
    return Wanted(f"since:{start} until:{end}", format_, output, reason, True, title, PROOF, "review")
