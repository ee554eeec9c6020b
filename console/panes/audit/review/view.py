"""The review tab: the queue, decisions, signing off."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.audit.review import keys
from console.panes.audit.review.asking import deciding_about, signing_off, unsignable
from console.panes.audit.review.columns import columns
from console.panes.audit.review.docket import Docket
from console.panes.audit.review.lines import EvidenceLine, WindowLine
from console.panes.audit.review.page import ReviewScreen
from console.panes.audit.review.service import Desk
from console.services.audit.recording import unrecorded
from console.services.audit.review import rules
from console.services.audit.review.models import Disposition, Finding
from console.services.audit.review.service import USUAL, Review, Window
from console.shared.acting import TOLD
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Question
from console.ui.detail import open_page
from console.ui.lead import Lead
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.units import number_of

BEGUN = ("decide", "sign_off", "decided")
"""Actions that need a review."""


class ReviewPane(Pane[Database, Docket]):
    """Accesses that somebody should look at, with evidence; decisions, and the proof that they were made."""

    NAME: ClassVar = "review"
    TITLE: ClassVar = "Review"
    INTERVAL: ClassVar = None
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    MORE: ClassVar[CommandTable] = keys.FINDING
    BINDINGS: ClassVar = bindings(keys.PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._desk = self.desk()
        self._docket: Docket | None = None
        self._window: Window | None = None
        self._wanted = self._all = False
        self._line = WindowLine()
        self._evidence = EvidenceLine()
        self._table: LineTable[Finding] = LineTable(columns(self._clock_of), key=lambda finding: finding.id)

    def desk(self) -> Desk:
        """What it asks."""
        return Desk(self.database)

    def head(self) -> ComposeResult:
        """The window, and the proof of the cadence."""
        yield self._line

    def body(self) -> ComposeResult:
        """The findings, and why there is the one under the cursor."""
        yield self._table
        yield self._evidence

    async def load(self) -> Docket:
        """Ask the rules, if somebody wants that; else only what was signed off."""
        docket = await self._desk.standing(self._window)
        if self._wanted:
            docket = await self._desk.review(docket)
            self._wanted = False
        elif self._docket is not None and self._docket.window == docket.window:
            docket = docket.with_review_of(self._docket)
        return docket

    def show(self, data: Docket) -> None:
        """Put it on screen."""
        self._docket, self._window = data, data.window
        self._line.show(data)
        self._table.show(self._shown(data.review))
        self._evidence.show(self._table.rows.current)
        self.refresh_bindings()

    def nothing(self, data: Docket) -> str:
        """How to begin, or that nothing is left to do."""
        if data.review is None:
            return f"{_unsigned(data)}\n\nenter reviews {data.window.days}; b and f go to the weeks before and after."
        if self._shown(data.review):
            return ""
        wanting = [_unasked(data.review), unrecorded(data.kept, "review")]
        return "\n\n".join(part for part in (_finished(data.review), *wanting) if part)

    def remark(self, data: Docket) -> str:
        """What is decided and not shown, rules that could not be asked, and a review that is not recorded."""
        said = _unasked(data.review) if data.review else ""
        return " ".join([*self._hidden(data.review), said, unrecorded(data.kept, "review")]).strip()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is decided before it was reviewed; nothing asks by itself, so that there is nothing to pause."""
        if action in ("pause", "interval"):
            return False
        if action in BEGUN and (self._docket is None or self._docket.review is None):
            return False
        return super().check_action(action, parameters)

    def forget(self) -> bool:
        """Clear what was found."""
        had = self._docket is not None and self._docket.review is not None
        self._wanted = self._all = False
        self.give_up()
        if self._docket is not None and had:
            self.arrived(self._docket.without_review())
        return had

    def action_now(self) -> None:
        """Ask every rule."""
        self._wanted = True
        super().action_now()

    def action_week_before(self) -> None:
        """Look at the week before."""
        if self._docket is not None:
            self._turn(self._docket.window.before)

    def action_week_after(self) -> None:
        """Look at the days after, as far as they are over."""
        if self._docket is None:
            return
        after = self._docket.window.after(self._docket.as_of.astimezone(UTC).date())
        if after is None:
            self.notify("This is the latest week; today is not over yet.")
        else:
            self._turn(after)

    def action_unsigned(self) -> None:
        """Look at the oldest week that nobody has signed off."""
        if self._docket is not None and self._docket.unsigned:
            since, end = self._docket.unsigned[0]
            self._turn(Window(since, min(end, since + USUAL)))

    def action_decided(self) -> None:
        """Show what is decided, too."""
        if self._docket is not None:
            self._all = not self._all
            self.arrived(self._docket)

    def action_decide(self, disposition: Disposition) -> None:
        """Decide about the marked findings, or the one under the cursor."""
        chosen = self._table.rows.chosen()
        if chosen and self._docket is not None and self._docket.review is not None:
            self._decide(self._docket.review, chosen, disposition)

    def action_sign_off(self) -> None:
        """Sign the window off; where that cannot be, say so before anything is asked."""
        if self._docket is None or self._docket.review is None:
            return
        if trouble := unsignable(self._docket.review):
            self.notify(trouble, severity="warning", timeout=TOLD)
        else:
            self._sign_off(self._docket.review)

    @on(LineTable.RowHighlighted)
    def _explain(self, event: LineTable.RowHighlighted) -> None:
        self._evidence.show(event.row)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._open_finding(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _open_finding(self, finding: Finding) -> None:
        try:
            evidence = await self._desk.evidence(finding)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=TOLD)
            return
        open_page(self, ReviewScreen(finding, evidence, lambda text: self._search(text)))

    def _search(self, text: str) -> None:
        self.post_message(Lead("audit", text))

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _decide(self, found: Review, chosen: list[Finding], disposition: Disposition) -> None:
        why = await self._agreed(deciding_about(self.database, chosen, disposition))
        if why and await self._done(self._desk.decide(found, chosen, disposition, why)):
            self._table.rows.marked.clear()
            self.notify(f"{len(chosen):,} decided: {disposition}. It is recorded in emr_console.event.", timeout=TOLD)

    @work(exclusive=True, group="change", exit_on_error=False)
    async def _sign_off(self, found: Review) -> None:
        why = await self._agreed(signing_off(self.database, found))
        if why and await self._done(self._desk.sign_off(found, why)):
            self.notify("Signed off. It is recorded in emr_console.event.", timeout=TOLD)

    async def _agreed(self, question: Question) -> str:
        consent = await self.app.push_screen_wait(ConfirmScreen(question))
        return consent.reason if consent is not None else ""

    async def _done(self, work: Awaitable[None]) -> bool:
        """Do it, and look at the queue again; why not is told."""
        try:
            await work
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=TOLD)
            return False
        self.action_now()
        return True

    def _turn(self, window: Window) -> None:
        self._window = window
        self.ask()

    def _shown(self, found: Review | None) -> list[Finding]:
        if found is None:
            return []
        return found.findings if self._all else found.queue

    def _hidden(self, found: Review | None) -> list[str]:
        gone = len(found.findings) - len(self._shown(found)) if found else 0
        return [f"{gone:,} decided; A shows {'it' if gone == 1 else 'them'}."] if gone else []

    def _clock_of(self) -> datetime:
        return self._docket.as_of if self._docket else datetime.now(UTC)


def _finished(found: Review) -> str:
    """That nothing is left to decide, and what a person may do then."""
    decided = len(found.findings)
    said = f"nothing is open; {number_of(decided, 'finding is', 'findings are')} decided" if decided else "no finding"
    keys = [] if found.unavailable else ["O signs it off"]
    keys += [f"A shows {'it' if decided == 1 else 'them'}"] if decided else []
    return " ".join(f"{part}." for part in (f"{found.window.days}: {said}", ", ".join(keys)) if part)


def _unsigned(docket: Docket) -> str:
    """What of the last quarter nobody has signed off."""
    days = sum((end - since).days for since, end in docket.unsigned)
    if not days:
        return "Every day of the last quarter is signed off."
    first = docket.unsigned[0][0]
    told = f"Nobody has signed off {days:,} of the last {rules.QUARTER.days} days"
    return f"{told}, the first of them {first}; u goes there."


def _unasked(found: Review) -> str:
    """The rules that could not be asked, and why; empty if all were."""
    return " ".join(f"The rule {rule} could not be asked: {why}" for rule, why in found.unavailable.items())
