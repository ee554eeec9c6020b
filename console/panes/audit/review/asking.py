"""What a person is asked before something is decided or signed off: both stay for ever."""

from collections.abc import Sequence

from console.db.database import Database
from console.iso import to_minute
from console.panes.audit.review.columns import user
from console.services.audit.review.models import Disposition, Finding
from console.services.audit.review.service import Review
from console.shared.identity import identify
from console.ui.confirm import Question
from console.ui.facts import Fact
from console.units import number_of

NAMED = 8
"""So many findings are named before they are decided together, as there is room for; the others are counted."""

FOLLOWS = "It is appended to emr_console.event with your name; it can be decided anew, never taken back."


def deciding_about(db: Database, findings: Sequence[Finding], disposition: Disposition) -> Question:
    """The question before findings are decided."""
    one = findings[0]
    what = f"finding {one.id} is" if len(findings) == 1 else f"{len(findings):,} findings are"
    known = [
        ("rule", one.rule),
        ("user", one.user or str(one.user_id or "many")),
        ("patient", one.patient or ""),
        ("when", f"{to_minute(one.first_at)} to {to_minute(one.last_at)} UTC"),
        ("events", f"{one.events:,}"),
        ("why", one.evidence),
    ]
    facts = [(label, value) for label, value in known if value] if len(findings) == 1 else named(findings)
    return Question(
        title=f"Decide: {what} {said(disposition)}",
        facts=[("on", identify(db.target, db.known).place), *facts],
        consequence=FOLLOWS,
        verb="decide",
        reason=True,
    )


def named(findings: Sequence[Finding]) -> list[Fact]:
    """Findings by rule, user and patient as the pane shows them, and first moment: nobody knows them by their ids."""
    told = [
        (each.rule, " · ".join(filter(None, (user(each), each.patient, f"{each.first_at:%m-%d %H:%M}"))))
        for each in findings[:NAMED]
    ]
    more = len(findings) - NAMED
    return [*told, ("and", number_of(more, "other"))] if more > 0 else told


def said(disposition: Disposition) -> str:
    """A disposition in a sentence.

    >>> said("needs-information"), said("appropriate")
    ('in need of information', 'appropriate')
    """
    return "in need of information" if disposition == "needs-information" else disposition


def unsignable(found: Review) -> str:
    """Why a window cannot be signed off yet, and by which keys that is mended; empty if it can be."""
    if found.queue:
        many = f"{len(found.queue):,} of {len(found.findings):,} findings are not decided"
        return f"{many}: a says appropriate, i inappropriate; what n has put off is open still. Nothing was signed off."
    if found.unavailable:
        return f"Rules could not be asked: {', '.join(found.unavailable)}. Nothing was signed off."
    return ""


def signing_off(db: Database, found: Review) -> Question:
    """The question before a window is signed off."""
    return Question(
        title=f"Sign off {found.window.days}",
        facts=[
            ("on", identify(db.target, db.known).place),
            ("findings", f"{len(found.findings):,}, of which {len(found.queue):,} are open"),
        ],
        consequence="It proves that somebody has reviewed these days: it is appended to emr_console.event, and stays.",
        verb="sign off",
        reason=True,
    )
