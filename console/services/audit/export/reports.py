"""The reports that are asked for by name: each is one of the twelve questions, written as an export with a title."""

from dataclasses import dataclass

from console.services.audit.questions import QUESTIONS


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
        "It lists the exports that the audit log knows of. Those for treatment, payment and operations are among them,"
        " though the accounting may leave them out; disclosures by other ways are not in the audit log.",
    ),
    "user": Report("account", "user", "User activity"),
}
"""By name."""
