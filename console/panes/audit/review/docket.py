"""What the review tab shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from console.services.audit.models import Event
from console.services.audit.review.models import SignOff
from console.services.audit.review.service import Review, Window
from console.services.events import Kept


@dataclass(frozen=True, slots=True)
class Docket:
    """A window, what a review of it has found, and what was signed off."""

    as_of: datetime
    """The server's clock."""
    window: Window
    """What is looked at."""
    signed: Sequence[SignOff]
    """Windows that somebody has signed off, the latest first."""
    unsigned: Sequence[tuple[date, date]]
    """Days of the last quarter that nobody has, each span without its end."""
    review: Review | None = None
    """What was found; None before somebody has asked."""
    kept: Kept = field(default_factory=Kept)
    """Where the review is written down."""

    def with_review_of(self, other: "Docket") -> "Docket":
        """This one, with what was found earlier."""
        return replace(self, review=other.review, kept=other.kept)

    def without_review(self) -> "Docket":
        """This one, before anybody has asked."""
        return replace(self, review=None, kept=Kept())


@dataclass(frozen=True, slots=True)
class Evidence:
    """The events behind a finding."""

    rows: Sequence[Event]
    """The newest of them, masked."""
    more: bool
    """Whether there are others."""
    kept: Kept
    """Where it is written down that somebody looked."""
