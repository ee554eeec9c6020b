"""The overview pane: what is wrong, the worst first, what helps, and where to look further."""

from typing import ClassVar, Protocol, cast

from textual import on, work
from textual.app import ComposeResult
from textual.worker import Worker

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.overview.bars import VerdictBar
from console.panes.overview.lines import Line, each, lines
from console.panes.overview.service import Seen, Watch
from console.panes.overview.snoozing import snoozing
from console.services.health.models import Finding, Level
from console.shared.levels import SIGNS, TONES
from console.shared.sparks import Sparks
from console.ui.columns import Column, Tone
from console.ui.commands import Command, CommandTable, bindings
from console.ui.confirm import ConfirmScreen
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.panebar import Panes
from console.ui.past import past_of
from console.ui.table import LineTable

OVERVIEW: CommandTable = (
    Command(id="overview.go", keys="o", title="go there", action="go", footer=True, group="This pane",
            row=True, help="to the pane that shows more of the finding"),
    Command(id="overview.snooze", keys="n", title="snooze", action="snooze", footer=True, group="This pane",
            asks=True, row=True,
            help="let the finding rest for a while, with a reason; or wake it"),
    Command(id="overview.all", keys="a", title="ask all", action="all", group="This pane", asks=True,
            help="all checks now, also those that are asked seldom or only on request"),
)  # fmt: skip
"""What works in this pane only."""


class Paned(Protocol):
    """An application with panes."""

    PANES: ClassVar[Panes]
    """All of them."""


def level_text(line: Line) -> str:
    """The level as a word and a sign; of what is snoozed only the sign tells it."""
    if line.snoozed:
        return f"{SIGNS[line.level]} snoozed"
    return f"{SIGNS[line.level]} {line.level.value.upper() if line.level in (Level.CRIT, Level.WARN) else line.level}"


def level_tone(line: Line) -> Tone:
    """The colour that goes with it."""
    return Tone.MUTED if line.snoozed else TONES[line.level]


def text_tone(line: Line) -> Tone:
    """What is well or snoozed is of little interest."""
    return Tone.MUTED if line.snoozed or line.level is Level.OK else Tone.PLAIN


class OverviewPane(Pane[Database, Seen]):
    """Is it well? The verdict of every check, worst first."""

    NAME: ClassVar = "overview"
    TITLE: ClassVar = "Overview"
    SHORT: ClassVar = "Over"
    KEY: ClassVar = "1"
    COMMAND_TABLE: ClassVar[CommandTable] = OVERVIEW
    BINDINGS: ClassVar = bindings(OVERVIEW)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._watch = Watch(database)
        self._expanded = False
        self._seen: Seen | None = None
        self._rest: Worker[None] | None = None

    def head(self) -> ComposeResult:
        """The verdict on the whole."""
        yield VerdictBar()

    def body(self) -> ComposeResult:
        """The findings, and the last ten minutes."""
        columns = (
            Column(id="level", title="", value=lambda line: line.level.value, drawn=level_text, width=9,
                   tone=level_tone),
            Column(id="check", title="check", value=lambda line: line.title, width=27, priority=3, tone=text_tone),
            Column(id="finding", title="finding", value=lambda line: line.text, width=30, grows=True, tone=text_tone),
            Column(id="pane", title="more in", value=lambda line: line.pane or None, text=self._pane_name, width=12,
                   priority=2, tone=text_tone),
        )  # fmt: skip
        yield Listing(columns, key=lambda line: line.key, as_json=Line.as_json)
        yield Sparks()

    async def load(self) -> Seen:
        """Ask the cheap checks."""
        return await self._watch.refresh()

    def show(self, data: Seen) -> None:
        """Put them on screen, and see to those that are asked seldom."""
        self._put(data)
        if self._watch.due and past_of(self.app) is None:
            self.ask_rest()

    def on_hide(self) -> None:
        """Nobody looks any more."""
        super().on_hide()
        self.workers.cancel_group(self, "rest")

    def on_show(self) -> None:
        """Somebody begins to look."""
        self._watch.rest_at = None
        super().on_show()

    def action_now(self) -> None:
        """Ask now, also what is asked seldom."""
        self._watch.rest_at = None
        super().action_now()

    def action_all(self) -> None:
        """Ask everything now."""
        self.ask_rest(all_of_them=True)

    async def action_go(self) -> None:
        """Show the pane of the finding under the cursor."""
        line = self._line
        if line is not None and line.pane in self._panes:
            await self.run_action(f"app.show_pane('{line.pane}')")

    def action_snooze(self) -> None:
        """Let the finding under the cursor rest, or wake it."""
        finding = self._line.finding if self._line is not None else None
        if finding is None or (finding.level is Level.OK and finding.snooze is None):
            self.notify("Only a finding that is not well can be snoozed.", severity="warning")
        else:
            self._settle(finding)

    def ask_rest(self, *, all_of_them: bool = False) -> None:
        """Ask the checks that are asked seldom, beside the others; with `all_of_them` those on request, too."""
        if self._rest is None or self._rest.is_finished:  # one that takes long must not be asked again and again
            self._rest = self._asked_rest(all_of_them=all_of_them)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is somewhere to go only from a finding of a pane that exists."""
        if action == "go":
            return self._line is not None and self._line.pane in self._panes
        return super().check_action(action, parameters)

    @on(LineTable.RowHighlighted)
    def _note_line(self) -> None:
        self.refresh_bindings()

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.panes.overview.detail import FindingScreen
        from console.ui.detail import open_page

        line: Line | None = event.row
        if line is None:
            return
        if line.finding is not None:
            open_page(self, FindingScreen(line.finding, self._panes))
        elif self._seen is not None:
            self._expanded = not self._expanded
            self._put(self._seen)

    def _put(self, seen: Seen) -> None:
        self._seen = seen
        self.query_one(VerdictBar).show(seen)
        self.query_one(Sparks).show(seen.pulses)
        self.query_one(Listing).show(lines(seen.findings, expanded=self._expanded), searched=each(seen.findings))

    @work(group="rest", exit_on_error=False)
    async def _asked_rest(self, *, all_of_them: bool) -> None:
        try:
            self._put(await self._watch.refresh_rest(all_of_them=all_of_them))
        except ConsoleError as error:
            if all_of_them:  # else the next refresh says what is wrong, and asks for the rest once more
                self.notify(error.sentence(), severity="error")

    @work(exclusive=True, group="snooze", exit_on_error=False)
    async def _settle(self, finding: Finding) -> None:
        """Let a finding rest once a person has said why and for how long, or wake it."""
        watch = self._watch
        try:
            if finding.snooze is not None:
                kept = await watch.wake(finding)
            else:
                consent = await self.app.push_screen_wait(ConfirmScreen(snoozing(finding)))
                if consent is None:
                    return
                kept = await watch.snooze(finding, consent.reason, consent.seconds)
            self._put(await watch.seen())
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
        else:
            self.notify(kept.sentence)

    @property
    def _line(self) -> Line | None:
        listings = self.query(Listing[Line])  # none yet, when the keys are first worked out
        return listings.first().table.rows.current if listings else None

    @property
    def _panes(self) -> dict[str, str]:
        """Key and title of every pane there is, by its name."""
        return {pane.NAME: f"{pane.KEY} {pane.TITLE}" for pane in cast(Paned, self.app).PANES}

    def _pane_name(self, name: str) -> str:
        return self._panes.get(name, name)
