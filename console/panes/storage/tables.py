"""The list of tables: one line a hypertable or partitioned table; enter shows its chunks."""

from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.storage.keys import TABLES
from console.panes.storage.nothing import explain_nothing
from console.panes.storage.sums import StorageSums, of_tables
from console.panes.storage.table_changes import TableChanges
from console.services.storage import tables as service
from console.services.storage.models import Sums
from console.services.storage.tables import Measures, Table, Tables, limit
from console.services.storage.words import ahead, bound, span
from console.ui.columns import Column, Kind, Tone
from console.ui.commands import CommandTable, bindings
from console.ui.facts import Fact
from console.ui.listing import Listing
from console.ui.table import LineTable
from console.units import age, bytes_text, count, number_of

FULL = 0.25
"""The share of the server's cache above which the indexes of today's chunk leave too little for anything else."""


def default_tone(table: Table) -> Tone:
    """A row in DEFAULT is one too many."""
    return Tone.WARNING if table.sums and table.sums.default_rows else Tone.MUTED


def default_text(table: Table) -> str:
    """The rows in DEFAULT; 0 is right."""
    rows = table.sums.default_rows if table.sums else None
    return "" if rows is None else f"▲ {count(rows)}" if rows else "0"


def spanned(table: Table, value: float | int | None) -> str:
    """A span of a table: a time, or so many numbers."""
    return span(value, by_number=table.by_number)


COLUMNS: tuple[Column[Table], ...] = (
    Column(id="table", title="table", value=lambda t: t.label, width=17, grows=True),
    Column(id="chunks", title="chunks", value=lambda t: t.sums.chunks if t.sums else 0, width=6, kind=Kind.NUMBER),
    Column(id="compressed", title="compr.", value=lambda t: (t.sums.compressed if t.sums else 0) or None, width=6,
           kind=Kind.NUMBER, priority=2),
    Column(id="size", title="size ≈", value=lambda t: t.bytes, width=7, kind=Kind.BYTES),
    Column(id="rows", title="rows ≈", value=lambda t: t.sums.rows if t.sums else None, width=13, kind=Kind.NUMBER,
           priority=8),
    Column(id="ratio", title="ratio", value=lambda t: t.sums.ratio if t.sums else None, width=5, kind=Kind.NUMBER,
           text=lambda ratio: f"{ratio:.1f}", priority=4),
    Column(id="batch", title="r/batch", value=lambda t: t.sums.rows_per_batch if t.sums else None, width=7,
           kind=Kind.NUMBER, priority=7),
    Column(id="interval", title="chunk", value=lambda t: t.width, drawn=lambda t: spanned(t, t.width), width=6,
           kind=Kind.SECONDS, priority=3),
    Column(id="compress", title="compress", value=lambda t: limit(t.compress), width=8, kind=Kind.SECONDS,
           drawn=lambda t: spanned(t, limit(t.compress)), priority=5),
    Column(id="drop", title="drop", value=lambda t: limit(t.drop), drawn=lambda t: spanned(t, limit(t.drop)), width=6,
           kind=Kind.SECONDS, priority=3),
    Column(id="default", title="default", value=lambda t: t.sums.default_rows if t.sums else None, width=7,
           kind=Kind.NUMBER, drawn=default_text, tone=default_tone, priority=2),
)  # fmt: skip
"""What is shown of a table; without room the highest priorities go first."""


class HypertableListPane(TableChanges):
    """Hypertables and tables partitioned by range."""

    NAME: ClassVar = "divided"
    TITLE: ClassVar = "Tables"
    INTERVAL: ClassVar = 10.0
    COMMAND_TABLE: ClassVar[CommandTable] = TABLES
    BINDINGS: ClassVar = bindings(TABLES)

    class Opened(Message):
        """A person wants to see the chunks of a table."""

        def __init__(self, table: Table) -> None:
            super().__init__()
            self.table = table
            """Whose."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._measures: Measures | None = None

    def head(self) -> ComposeResult:
        """The sums."""
        yield StorageSums()

    def body(self) -> ComposeResult:
        """The tables."""
        yield Listing(COLUMNS, key=lambda t: t.divided.oid, as_json=Table.as_json)

    def on_show(self) -> None:
        """Indexes and bounds are asked when the list is opened, not at each refresh."""
        self._measures = None

    def action_now(self) -> None:
        """Ask for everything anew."""
        self._measures = None
        super().action_now()

    async def load(self) -> Tables:
        """Ask what there is."""
        if self._measures is None:
            self._measures = await service.measure_tables(self.database)
        found = await service.read_tables(self.database, self._measures)
        explain_nothing(found.tables, found.missing)
        return found

    def show(self, data: Tables) -> None:
        """Put it on screen."""
        self.query_one(StorageSums).show(of_tables(data))
        self.query_one(Listing).show(data.tables)

    def nothing(self, data: Tables) -> str:
        """No table is divided; or a role may not see any."""
        return (
            "" if data.tables else " ".join(data.missing) or "No table here is a hypertable, or partitioned by range."
        )

    def remark(self, data: Tables) -> str:
        """What the flavour lacks, and what presses."""
        return " ".join([*data.missing, *pressing(data)])

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self.post_message(self.Opened(event.row))

    def action_define(self) -> None:
        """All that is known of the table under the cursor."""
        if self.current is not None:
            self._define(self.current)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _define(self, table: Table) -> None:
        from console.services.storage.definition import of_table
        from console.ui.detail import Block, DetailScreen, open_page

        try:
            text = await of_table(self.database, table)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        known = facts(table, self._measures)
        open_page(self, DetailScreen(table.label, known, [Block("definition", text, "sql")] if text else []))

    def action_advise(self) -> None:
        """Whether the table under the cursor is well cut and compressed."""
        if self.current is not None and self._measures is not None:
            self._advise(self.current, self._measures)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _advise(self, table: Table, measures: Measures) -> None:
        from console.panes.storage.advice import page
        from console.services.advice.service import report
        from console.ui.detail import open_page

        try:
            found = await report(self.database, table, measures)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        open_page(self, page(found))


def pressing(data: Tables) -> list[str]:
    """Tables whose newest chunk leaves no room in the server's cache."""
    if data.measures is None:
        return []
    room = data.measures.shared_buffers
    return [
        f"▲ The indexes of today's chunk of {table.label} take {bytes_text(size)}, "
        f"more than a quarter of shared_buffers ({bytes_text(room)})."
        for table in data.tables
        if table.measure and (size := table.measure.active_indexes or 0) > FULL * room
    ]


def facts(table: Table, measures: Measures | None) -> list[Fact]:
    """All that is known of a table, in words."""
    sums, measure, divided = table.sums, table.measure, table.divided
    known: dict[str, Any] = {
        "kind": divided.kind,
        "divided by": f"{divided.column} ({divided.type})" if divided.type else divided.column,
        "beside that": f"{divided.spaces} more dimension{'s' if divided.spaces > 1 else ''}"
        if divided.spaces
        else None,
        "chunk": spanned(table, table.width),
        "chunks": _chunks(sums) if sums else "none",
        "never analyzed": count(sums.unmeasured) if sums and sums.unmeasured else None,
        "size": f"about {bytes_text(table.bytes)}" if table.bytes is not None else None,
        "rows": f"about {count(sums.rows)}" if sums and sums.rows is not None else None,
        "in DEFAULT": f"about {number_of(sums.default_rows, 'row')}; 0 is right"
        if sums and sums.default_rows
        else None,
        "compressed": f"{sums.ratio:.1f} times smaller" if sums and sums.ratio else None,
        "rows per batch": f"{sums.rows_per_batch:,.0f} of 1,000" if sums and sums.rows_per_batch else None,
        "last analyzed": bound(measure.analyzed) if measure and measure.analyzed else None,
        "today's indexes": _cached(measure.active_indexes, measures) if measure and measures else None,
    }
    return [(label, value) for label, value in known.items() if value] + [
        (_policy_name(policy.drops), _policy_text(table, policy)) for policy in table.policies
    ]


def _chunks(sums: Sums) -> str:
    """How many; DEFAULT is none of a range, and counts only in the list of tables of the Database pane."""
    compressed = f", {count(sums.compressed)} compressed" if sums.compressed else ""
    return f"{count(sums.chunks)}{compressed}{'' if sums.default_rows is None else ', and DEFAULT'}"


def _cached(size: int | None, measures: Measures) -> str | None:
    room = measures.shared_buffers
    return None if size is None else f"{bytes_text(size)}, {size / room:.0%} of shared_buffers ({bytes_text(room)})"


def _policy_name(drops: bool) -> str:
    return "drops" if drops else "compresses"


def _policy_text(table: Table, policy: Any) -> str:
    what = "since they were made" if policy.by_birth else ""
    after = f"after {policy.written or spanned(table, limit(policy))} {what}".strip()
    runs = f"every {age(policy.every)}" if policy.scheduled else "paused"
    run = f", next {ahead(policy.next_start, policy.asked)}" if policy.next_start and policy.scheduled else ""
    return f"{after}, job {policy.job_id}, {runs}{run}"
