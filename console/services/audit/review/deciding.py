"""Deciding about findings, and signing a window off; both are kept in emr_console.event, which only grows.

They are kept there or not at all: what a file on somebody's machine says would prove no review.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from console.db import operator
from console.db.session import Session
from console.errors import ConsoleError, Refused, UsageError
from console.migrate import ledger
from console.reasons import reason_trouble
from console.services.audit.review.models import Disposition, Finding
from console.services.audit.review.service import Review
from console.services.audit.strangers import id_of
from console.services.events import Action, Kept, record_action


async def dispose(
    session: Session, review: Review, ids: Sequence[str], disposition: Disposition, text: str
) -> list[Finding]:
    """Decide about some findings of a window; Refused for whoever one of them is about."""
    if trouble := reason_trouble(text):
        raise UsageError(trouble, state="Nothing was decided.")
    findings = [_named(review, each) for each in ids]
    who = await _decider(session)
    for finding in findings:
        if who.is_subject(finding):
            raise Refused(
                f"Finding {finding.id} is about {finding.user}, who cannot decide about it.",
                state="Nothing was decided.",
                hint="Somebody else has to look at it.",
            )
    await ledger.ready(session)
    for finding in findings:
        action = Action("review.dispose", finding.id, text, "")
        known = {"disposition": disposition, "rule": finding.rule, "subject": str(finding.user_id or "")}
        told = {"evidence": finding.evidence, "first_at": finding.first_at, "patient_id": str(finding.patient_id or "")}
        _kept(await record_action(session, action, "recorded", known | told))
    return findings


async def sign_off(session: Session, review: Review, text: str) -> None:
    """Sign a window off: Refused while something in it is undecided, could not be asked, or is about the signer."""
    if review.unavailable:
        raise Refused(
            f"Rules could not be asked: {', '.join(review.unavailable)}.",
            state="Nothing was signed off.",
            hint="emr-console audit review says why.",
        )
    if review.queue:
        raise Refused(
            f"{len(review.queue):,} of {len(review.findings):,} findings are not decided.",
            state="Nothing was signed off.",
            hint="See them with emr-console audit review, decide with emr-console audit review dispose ID.",
        )
    who = await _decider(session)
    if any(who.is_subject(finding) for finding in review.findings):
        raise Refused("A finding of this window is about you.", state="Nothing was signed off.")
    await ledger.ready(session)
    window = review.window
    action = Action("review.sign-off", f"{window.since} to {window.until}", text, "")
    said = {"since": window.since.isoformat(), "until": window.until.isoformat(), "findings": len(review.findings)}
    decided = [f"{each.id} {each.decided.disposition}" for each in review.findings if each.decided]
    _kept(await record_action(session, action, "recorded", said | {"decided": decided}))


def _named(review: Review, wanted: str) -> Finding:
    found = [finding for finding in review.findings if finding.id == wanted]
    if not found:
        raise UsageError(
            f"There is no finding {wanted} of {review.window.days}.",
            state="Nothing was decided.",
            hint="Say the window that shows it: --since and --until.",
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class Decider:
    """Whoever sits here, by the account of this machine and by the server's word."""

    names: frozenset[str]
    """What he is called."""
    stranger: UUID
    """With which id he signs where he is no user of the platform."""

    def is_subject(self, finding: Finding) -> bool:
        """Whether a finding is about him."""
        return finding.user_id == self.stranger or (finding.user or "").casefold() in self.names


async def _decider(session: Session) -> Decider:
    role = (await session.server()).session_user
    return Decider(frozenset({operator.current().user.casefold(), role.casefold()} - {""}), id_of(role))


def _kept(kept: Kept) -> None:
    if kept.why:
        raise ConsoleError(
            f"It is not decided, because it cannot be kept. {kept.sentence}",
            hint="Review as the role that owns the ledger: migrate.role in the profile.",
        )
