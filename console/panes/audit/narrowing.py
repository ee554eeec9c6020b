"""From what is under the cursor to a search: a frequent value narrows one, a row proposes the value of a question."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from console.services.audit.completion import with_term
from console.services.audit.grammar import SYSTEMS, SearchError, moment
from console.services.audit.models import Event
from console.services.audit.overview import Facet
from console.services.audit.questions import Question, quoted


def narrowed(text: str, facet: Facet, name: Callable[[UUID], str | None]) -> str | None:
    """A search for this value only; None where the language has no word for it.

    >>> narrowed("action:view since:7d", Facet(facet="action", value="EXPORT", events=3), lambda _: None)
    'since:7d action:export'
    >>> narrowed("since:7d", Facet(facet="user", value=str(UUID(int=1)), events=3), lambda _: "ana")
    'since:7d user:ana'
    >>> narrowed("", Facet(facet="system", value=None, events=3), lambda _: None)
    '-system:epic,cerner,generic_fhir'
    """
    if facet.facet == "hour":
        return None
    if facet.value is None:
        return f"{text} -{facet.facet}:{','.join(SYSTEMS).lower()}".strip()
    value = (name(UUID(facet.value)) or facet.value) if facet.facet == "user" else facet.value.lower()
    return with_term(text, facet.facet, f"{facet.facet}:{quoted(value)}")


def about(question: Question, row: Event | None) -> str:
    """What a row proposes for a question; empty where it has nothing. A uuid is no PHI, a record number would be."""
    if row is None:
        return ""
    patient = str(row.entity_id) if row.entity_type == "PATIENT" and row.entity_id.int else ""
    known = {
        "patient": patient,
        "disclosures": patient,
        "account": row.user or str(row.user_id),
        "session": str(row.session_id or ""),
        "request": str(row.request_id),
    }
    return known.get(question.name, "")


def wants(question: Question, row: Event | None) -> str:
    """What has to be said, and why a row that shows a patient does not propose one."""
    masked = row is not None and row.patient and "patient" in question.search and not about(question, row)
    return f"{question.wants}. The row's own is masked; its page reveals it" if masked else question.wants


def asked(question: Question) -> str:
    """A question as the heading of a dialog."""
    return f"{question.title[0].upper()}{question.title[1:]}"


def no_moment(value: str) -> str:
    """What is wrong with a moment; empty if nothing."""
    try:
        moment(value, datetime.now(UTC))
    except SearchError as error:
        return f"{error.message} {error.hint}"
    return ""
