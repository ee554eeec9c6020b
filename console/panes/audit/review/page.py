"""The page of a finding: what is known of it, and the events behind it, masked."""

from collections.abc import Callable
from typing import ClassVar

from console.iso import to_minute, to_second
from console.panes.audit.columns import who
from console.panes.audit.review.docket import Evidence
from console.panes.audit.review.keys import FINDING
from console.services.audit.models import Event
from console.services.audit.recording import unrecorded
from console.services.audit.review.models import Finding
from console.ui.commands import CommandTable, bindings
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.ui.text import fit


class ReviewScreen(DetailScreen):
    """A finding with its evidence."""

    COMMAND_TABLE: ClassVar[CommandTable] = FINDING
    BINDINGS: ClassVar = bindings(FINDING)

    def __init__(self, finding: Finding, evidence: Evidence, search: Callable[[str], None]) -> None:
        seen = Block("what was seen", finding.evidence)
        super().__init__(f"{finding.rule}: finding {finding.id}", facts(finding, evidence), [seen, events(evidence)])
        self._finding = finding
        self._search = search

    def action_search(self) -> None:
        """Search for all of its events."""
        self.dismiss(None)
        self._search(self._finding.search)


def facts(finding: Finding, evidence: Evidence) -> list[Fact]:
    """All that is known of it; a finding says nothing about guilt."""
    decided = finding.decided
    known = {
        "level": finding.level,
        "user": f"{finding.user or 'nobody has this id now'}  {finding.user_id}" if finding.user_id else "",
        "patient": f"{finding.patient or ''}  {finding.patient_id}".strip() if finding.patient_id else "",
        "first": f"{to_second(finding.first_at)} UTC",
        "last": f"{to_second(finding.last_at)} UTC",
        "events": f"{finding.events:,}",
        "decided": f"{decided.disposition} by {decided.operator}, {to_minute(decided.at)} UTC" if decided else "",
        "because": decided.text if decided else "",
        "look": unrecorded(evidence.kept, "look"),
    }
    return [(label, value) for label, value in known.items() if value]


def events(evidence: Evidence) -> Block:
    """The events, one a line."""
    more = "; s searches for all of them" if evidence.more else ""
    return Block(f"events, the newest first{more}", "\n".join(map(line, evidence.rows)))


def line(event: Event) -> str:
    """One of them."""
    parts = (f"{event.created_at:%m-%d %H:%M:%S}", fit(who(event), 18), fit(event.action, 13),
             fit(event.patient or "", 8), event.ip or "")  # fmt: skip
    return "  ".join(parts).rstrip()
