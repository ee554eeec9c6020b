"""The third tab: what keeps the rows of each table, and what drops them."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.panes.storage.keys import RETENTION
from console.panes.storage.nothing import explain_nothing
from console.panes.storage.retention_changes import RetentionChanges
from console.services.storage import retention_reading as service
from console.services.storage.retention import Retained, Retention
from console.services.storage.words import bound, going_words, span
from console.ui.columns import Column, Kind, Tone
from console.ui.commands import CommandTable, bindings
from console.ui.facts import Fact
from console.ui.listing import Listing
from console.ui.table import LineTable
from console.units import age, count


def state_text(table: Retained) -> str:
    """How it stands, in a word and a sign."""
    if table.conflict:
        return "✖ two at once"
    if table.verdict.level == "refused":
        return "✖ below floor"
    if table.backup:
        return "▲ not searched" if table.rows != 0 else "  empty"
    if table.holds:
        return "▲ on hold"
    if table.verdict.level == "short":
        return "▲ short"
    if table.rule is None:
        return "  kept for ever"
    policy = table.rule.policy
    return "▲ paused" if policy is not None and not policy.scheduled else "● kept"


def tone(table: Retained) -> Tone:
    """The colour that goes with it."""
    return {"✖": Tone.ERROR, "▲": Tone.WARNING, "●": Tone.OK}.get(state_text(table)[0], Tone.MUTED)


def after_text(table: Retained) -> str:
    """How old its rows get."""
    written = table.rule.policy.written if table.rule and table.rule.policy else None
    return (
        "" if table.drop_after is None else span(table.drop_after, by_number=written is not None and written.isdigit())
    )


def oldest_text(table: Retained) -> str:
    """Where its oldest chunk begins; of a table in one piece, its rows."""
    if table.oldest is not None:
        return bound(table.oldest)
    return f"{count(table.rows)} rows" if table.rows else ""


def going_text(table: Retained) -> str:
    """How many chunks go next, and up to when their rows are."""
    return going_words(len(table.going), table.going[-1].end if table.going else None)


COLUMNS: tuple[Column[Retained], ...] = (
    Column(id="table", title="table", value=lambda t: t.label, width=18, grows=True),
    Column(id="state", title="state", value=state_text, width=15, tone=tone),
    Column(id="by", title="dropped by", value=lambda t: t.rule.mechanism if t.rule else None, width=10, priority=2),
    Column(id="after", title="after", value=lambda t: t.drop_after, drawn=after_text, width=6, kind=Kind.SECONDS),
    Column(id="floor", title="floor", value=lambda t: t.floor, width=5, kind=Kind.SECONDS, priority=3),
    Column(id="oldest", title="oldest", value=lambda t: t.oldest, drawn=oldest_text, width=12, priority=2),
    Column(id="next", title="goes next", value=lambda t: len(t.going) or None, drawn=going_text, width=25, priority=4),
    Column(id="hold", title="hold", value=lambda t: ", ".join(h.name for h in t.holds) or None, width=14, priority=5),
)  # fmt: skip
"""What is shown of a table; without room the highest priorities go first."""


SAID = 2
"""Sentences that are told below the list; the others stand on the pages of their tables."""


class RetentionPane(RetentionChanges):
    """What keeps rows and what drops them: policies, floors, legal holds, what goes next."""

    NAME: ClassVar = "retention"
    TITLE: ClassVar = "Retention"
    INTERVAL: ClassVar = None
    COMMAND_TABLE: ClassVar[CommandTable] = RETENTION
    BINDINGS: ClassVar = bindings(RETENTION)

    def body(self) -> ComposeResult:
        """The tables; what is wrong stays in sight whatever the filter says."""
        yield Listing(
            COLUMNS,
            key=lambda t: (t.schema, t.name),
            pinned=lambda t: tone(t) is Tone.ERROR,
            pinned_as="conflict",
            as_json=Retained.as_json,
        )

    async def load(self) -> Retention:
        """Ask what becomes of the rows."""
        found = await service.read_retention(self.database)
        explain_nothing(found.tables, found.missing)
        return found

    def show(self, data: Retention) -> None:
        """Put it on screen."""
        self.query_one(Listing).show(data.tables)

    def nothing(self, data: Retention) -> str:
        """No table of which anything could be said."""
        return "" if data.tables else "No table here is divided, and none holds audit rows."

    def remark(self, data: Retention) -> str:
        """What is wrong, the first of it, and what cannot be told."""
        said = [*(said for table in data.tables for said in table.sentences), *data.missing]
        more = f"{len(said) - SAID} more: open a row." if len(said) > SAID else ""
        return " ".join([*said[:SAID], *([more] if more else [])])

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import Block, DetailScreen, open_page

        table: Retained | None = event.row
        if table is not None:
            blocks = [Block("goes next", going_lines(table))] if table.going else []
            open_page(self, DetailScreen(table.label, facts(table), blocks))


def facts(table: Retained) -> list[Fact]:
    """All that is known of what becomes of its rows, in words."""
    policy = table.rule.policy if table.rule else None
    known: list[tuple[str, str | None]] = [
        ("state", state_text(table).strip("✖▲● ")),
        ("dropped by", table.rule.told if table.rule else "nothing: its rows are kept for ever"),
        ("after", policy.written if policy else None),
        ("runs", f"every {age(policy.every)}{'' if policy.scheduled else ', paused'}" if policy else None),
        ("next run", f"{bound(policy.next_start)} UTC" if policy and policy.next_start else None),
        ("floor", f"{age(table.floor)}, six years: nothing below is accepted" if table.floor else None),
        ("oldest", oldest_text(table)),
        *((f"hold {hold.name}", hold.told) for hold in table.holds),
        *(("note", sentence) for sentence in table.sentences),
    ]
    return [(label, value) for label, value in known if value]


def going_lines(table: Retained) -> str:
    """The chunks that go next, one a line."""
    return "\n".join(
        f"{chunk.part.chunk_name:<28} to {bound(chunk.end)} {count(chunk.part.rows) or 'unknown':>9} rows"
        + (f"  due {bound(chunk.drops_at)}" if chunk.drops_at else "")
        for chunk in table.going
    )
