"""The summary tab: the database as a whole, one line a figure."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.db.database import Database
from console.db.pulse import KEPT, Pulses
from console.panes.database.measuring import MEASURING
from console.panes.database.summary import service
from console.panes.database.summary.bars import Verdict
from console.panes.database.summary.figures import Figure, figures
from console.panes.database.summary.summary import Summary
from console.shared.levels import signed, tone
from console.shared.sparks import Sparks
from console.ui.columns import Column, Tone
from console.ui.commands import CommandTable, bindings
from console.ui.facts import Fact
from console.ui.listing import Listing
from console.ui.measuring import MeasuringPane
from console.ui.past import past_of
from console.ui.table import LineTable


def title_text(figure: Figure) -> str:
    """What it is about, with the sign of its level."""
    return f"  {figure.title}" if figure.level is None else signed(figure.level, figure.title)


def title_tone(figure: Figure) -> Tone:
    """The colour of its level."""
    return Tone.PLAIN if figure.level is None else tone(figure.level)


COLUMNS: tuple[Column[Figure], ...] = (
    Column(id="figure", title="figure", value=lambda f: f.title, drawn=title_text, width=24, tone=title_tone),
    Column(id="lately", title="lately", value=lambda f: f.lately or None, width=10),
    Column(id="total", title="total", value=lambda f: f.total or None, width=12),
    Column(id="remark", title="remark", value=lambda f: f.remark or None, width=22, grows=True),
)
"""What is shown of a figure."""

DRAWN = 60
"""Earlier summaries that are read for the curves of a moment: more than these have cells."""


class SummaryPane(MeasuringPane[Database, Summary, int]):
    """The database as a whole: size, cache hits, transactions, checkpoints, freeze age, TLS, settings."""

    NAME: ClassVar = "database"
    TITLE: ClassVar = "Summary"
    INTERVAL: ClassVar = 5.0
    COMMAND_TABLE: ClassVar[CommandTable] = MEASURING
    BINDINGS: ClassVar = bindings(MEASURING)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._watch = service.Watch(database)

    def head(self) -> ComposeResult:
        """How it is as a whole, and how the server felt lately."""
        yield Verdict()
        yield Sparks()

    def body(self) -> ComposeResult:
        """The figures."""
        yield Listing(COLUMNS, key=lambda f: f.id, as_json=Figure.as_json)

    def action_now(self) -> None:
        """Ask now, and look at every table again."""
        self._watch.forget()
        super().action_now()

    async def load(self) -> Summary:
        """Ask for it."""
        return await self._watch.refresh()

    def show(self, data: Summary) -> None:
        """Put it on screen."""
        self.query_one(Verdict).show(data)
        self.query_one(Sparks).show(self._pulses)
        self.query_one(Listing).show(figures(data))

    @property
    def _pulses(self) -> Pulses:
        """How the server felt lately; at an earlier moment what the summaries before it knew of that."""
        past = past_of(self.app)
        if past is None:
            return self.database.pulses
        return Pulses([seen.pulse for seen in past.lately(self.NAME, KEPT, DRAWN) if seen.pulse])

    def remark(self, data: Summary) -> str:
        """What our role does not see."""
        if data.counted is None or data.counted.autovacuum_workers is not None:
            return ""
        return f"Some of it is hidden from this role. A superuser can show it: {data.grant}"

    async def measure(self) -> int:
        """Look at every file."""
        return await service.measure(self.database)

    def take(self, found: int) -> None:
        """Show the size."""
        self._watch.exact = found
        self.ask()

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import Block, DetailScreen, open_page

        figure: Figure | None = event.row
        if figure is not None:
            remedy = figure.finding.verdict.remedy if figure.finding else ""
            blocks = [Block("what helps", remedy, "sql")] if remedy else []
            open_page(self, DetailScreen(figure.title.strip(), facts(figure), blocks))


def facts(figure: Figure) -> list[Fact]:
    """All that is known of a figure, in words."""
    judged = figure.finding.verdict if figure.finding else None
    known = {
        "level": figure.level.value if figure.level else None,
        "lately": figure.lately or None,
        "total": figure.total or None,
        "remark": figure.remark or None,
        "found": judged.evidence if judged and judged.evidence != figure.remark else None,
        "check": figure.finding.id if figure.finding else None,
    }
    return [(label, value) for label, value in known.items() if value]
