"""The twelve questions that auditors ask, each as a search that can be refined."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from console.iso import shifted, to_minute

AROUND = timedelta(days=1)
"""So far before and after a row its session and its request are looked for: nothing finds them faster."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of them."""

    name: str
    """In a word."""
    title: str
    """As an auditor asks it."""
    search: str
    """The search, `{}` where the value belongs; empty where no search can answer it."""
    wants: str = ""
    """What has to be said; empty if nothing."""
    usual: str = ""
    """What is proposed."""
    near: bool = False
    """Whether, about a row that somebody looks at, it is asked near that row."""

    def asked(self, value: str = "") -> str:
        """The search, of this value.

        >>> QUESTIONS[0].asked("TEST 1"), QUESTIONS[4].asked()
        ('patient:"TEST 1" since:all', 'after-hours since:7d')
        """
        return self.search.replace("{}", quoted(value))

    def asked_near(self, value: str, at: datetime) -> str:
        """The same, near a moment, where there is one.

        >>> from datetime import UTC
        >>> QUESTIONS[2].asked_near("3484582e-6b98-4adb-a009-64e49cf46cfe", datetime(2026, 3, 14, 12, tzinfo=UTC))
        'session:3484582e-6b98-4adb-a009-64e49cf46cfe since:2026-03-13T12:00 until:2026-03-15T12:00'
        """
        return f"{self.asked(value).partition(' since:')[0]} {span(shifted(at, -AROUND), shifted(at, AROUND))}"


QUESTIONS = (
    Question("patient", "who saw or changed this patient", "patient:{} since:all",
             "The patient: a record number, an id in an EMR, or the uuid"),
    Question("account", "what did this user touch", "user:{} since:30d", "The user: a username, or the uuid"),
    Question("session", "this session", "session:{} since:30d", "A uuid: the session's", near=True),
    Question("request", "this request, or this entity", "id:{} since:30d",
             "A uuid: of the request, or of the thing that it was about", near=True),
    Question("after_hours", "after hours: before 7, from 19, weekends", "after-hours since:7d"),
    Question("bulk", "bulk: 30 patients in one hour", "bulk since:30d"),
    Question("exports", "exports", "action:export since:90d"),
    Question("break_glass", "break-glass", "action:break_glass since:90d"),
    Question("denied", "failed and denied", "action:login_failed,access_denied,emr_verify_failed since:7d"),
    Question("disclosures", "accounting of disclosures", "patient:{} action:export since:6y",
             "The patient: a record number, an id in an EMR, or the uuid"),
    Question("rights", "changes to rights or settings", "action:config_change since:1y"),
    Question("missing", "missing: days without events", "", "Back to when: 90d, 1y or 2025-01-01", "1y"),
)  # fmt: skip
"""All of them, in the order in which they are offered."""

BY_NAME = {question.name: question for question in QUESTIONS}
"""The same by name."""


def span(since: datetime, until: datetime) -> str:
    """A span of time in the language of a search, to the minute; both are UTC."""
    return f"since:{to_minute(since, 'T')} until:{to_minute(until, 'T')}"


def quoted(value: str) -> str:
    """A value as one word; a quote in it cannot be searched for.

    >>> quoted("ana"), quoted("Žofie, ward 3"), quoted('a"b')
    ('ana', '"Žofie, ward 3"', 'ab')
    """
    plain = value.replace('"', "").strip()
    return f'"{plain}"' if any(sign.isspace() or sign == "," for sign in plain) else plain
