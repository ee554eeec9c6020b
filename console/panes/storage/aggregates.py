"""The second tab: continuous aggregates and materialized views."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.errors import ConsoleError
from console.panes.storage.aggregate_changes import AggregateChanges
from console.panes.storage.keys import AGGREGATES
from console.panes.storage.nothing import explain_nothing
from console.services.storage import aggregates as service
from console.services.storage.aggregates import Aggregate, Aggregates
from console.services.storage.words import ahead, bound
from console.ui.columns import Column, Kind, Tone
from console.ui.commands import CommandTable, bindings
from console.ui.facts import Fact
from console.ui.listing import Listing
from console.ui.table import LineTable
from console.units import age, bytes_text, count


def state_text(each: Aggregate) -> str:
    """How it stands, in a word and a sign."""
    known, view = each.continuous, each.view
    if each.conflict:
        return "✖ loses history"
    if view is not None:
        return "  filled" if view.populated else "▲ never filled"
    if known is not None and known.orphans:
        return "▲ orphans"
    if each.late:
        return "▲ late"
    if known is not None and not known.policies:
        return "▲ no policy"
    return "● in time" if known is not None and each.allowed is not None else "  by hand"


def tone(each: Aggregate) -> Tone:
    """The colour that goes with it."""
    return {"✖": Tone.ERROR, "▲": Tone.WARNING, "●": Tone.OK}.get(state_text(each)[0], Tone.MUTED)


def realtime_text(each: Aggregate) -> str:
    """Whether a query adds what lies behind the watermark."""
    return "" if each.continuous is None else "yes" if each.continuous.realtime else "no"


COLUMNS: tuple[Column[Aggregate], ...] = (
    Column(id="view", title="view", value=lambda a: a.label, width=20, grows=True),
    Column(id="state", title="state", value=state_text, width=15, tone=tone),
    Column(id="watermark", title="watermark", value=lambda a: a.continuous.mark if a.continuous else None, text=bound,
           width=16, priority=5),
    Column(id="lag", title="lag", value=lambda a: a.lag, width=5, kind=Kind.SECONDS, tone=tone),
    Column(id="allowed", title="of", value=lambda a: a.allowed, width=5, kind=Kind.SECONDS, priority=4),
    Column(id="realtime", title="live", value=realtime_text, width=4, priority=6),
    Column(id="pending", title="pending", value=lambda a: a.continuous.pending if a.continuous else None, width=7,
           kind=Kind.NUMBER, priority=2),
    Column(id="orphans", title="orphan", value=lambda a: a.continuous.orphans if a.continuous else None, width=6,
           kind=Kind.NUMBER, priority=3),
    Column(id="refreshed", title="last refresh", value=lambda a: a.last_refresh, text=bound, width=16, priority=3),
    Column(id="next", title="next", value=lambda a: a.continuous.next_start if a.continuous else None, text=bound,
           width=16, priority=8),
    Column(id="size", title="size ≈", value=lambda a: a.bytes, width=7, kind=Kind.BYTES, priority=7),
)  # fmt: skip
"""What is shown of an aggregate; without room the highest priorities go first."""


class AggregatesPane(AggregateChanges):
    """Continuous aggregates and materialized views: how far behind, what waits to be refreshed."""

    NAME: ClassVar = "aggregates"
    TITLE: ClassVar = "Aggregates"
    INTERVAL: ClassVar = 10.0
    COMMAND_TABLE: ClassVar[CommandTable] = AGGREGATES
    BINDINGS: ClassVar = bindings(AGGREGATES)

    def body(self) -> ComposeResult:
        """The aggregates."""
        yield Listing(COLUMNS, key=lambda a: (a.schema, a.name), as_json=Aggregate.as_json)

    async def load(self) -> Aggregates:
        """Ask how they stand."""
        found = await service.read_aggregates(self.database)
        explain_nothing(found.aggregates, found.missing)
        return found

    def show(self, data: Aggregates) -> None:
        """Put them on screen."""
        self._latest = data
        self.query_one(Listing).show(data.aggregates)

    def nothing(self, data: Aggregates) -> str:
        """None at all."""
        return "" if data.aggregates else "There is no aggregate here, neither continuous nor a materialized view."

    def remark(self, data: Aggregates) -> str:
        """What cannot be told, and what must not go on."""
        return " ".join(
            [*data.missing, *(f"✖ {each.label}: {each.conflict}" for each in data.aggregates if each.conflict)]
        )

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, each: Aggregate) -> None:
        from console.services.storage.definition import of_view
        from console.ui.detail import Block, DetailScreen, open_page

        try:
            text = await of_view(self.database, each)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        blocks = [Block("definition", text, "sql")] if text else []
        open_page(self, DetailScreen(each.label, facts(each, self._latest), blocks))


UNKNOWN = (
    "not known: no policy has, and those by hand are not kept",
    "not known: PostgreSQL does not keep it, and this console has not",
)
"""Of a continuous aggregate and of a materialized view: why nobody knows when it was last refreshed."""


def facts(each: Aggregate, found: Aggregates) -> list[Fact]:
    """All that is known of an aggregate, in words."""
    known: dict[str, str | None] = {"state": state_text(each).strip("✖▲● ")}
    if (c := each.continuous) is not None:
        known |= {
            "made of": c.raw_name,
            "materialized to": bound(c.mark) or "nothing yet",
            "behind": f"{age(each.lag)}" + (f", {age(each.allowed)} when all is well" if each.allowed else ""),
            "newer rows": "are added by each query" if c.realtime else "are not in it: it is as of the watermark",
            "bucket": age(c.bucket) or None,
            "changed ranges": count(c.pending),
            "orphans": f"{count(c.orphans)} of them lie before what any policy reaches" if c.orphans else None,
            "policy": policy_text(each, found) if c.policies else "none: it is refreshed by hand only",
            "conflict": each.conflict or None,
        }  # fmt: skip
    if (v := each.view) is not None:
        known |= {
            "refresh": "beside its readers"
            if v.concurrently
            else "keeps readers out: no unique index tells its rows apart",
            "filled": None if v.populated else "never: reading it is an error until it is refreshed",
        }
    known |= {
        "last refresh": bound(each.last_refresh) or UNKNOWN[each.continuous is None],
        "size": f"about {bytes_text(each.bytes)}" if each.bytes is not None else None,
    }
    return [(label, value) for label, value in known.items() if value]


def policy_text(each: Aggregate, found: Aggregates) -> str:
    """What its policies do, in one line."""
    c = each.continuous
    assert c is not None
    reach = "from the beginning" if c.unbounded else f"from {age(c.start_offset) or count(c.start_number)} ago"
    several = f"{c.policies} policies, " if c.policies > 1 else ""
    run = f", next {ahead(c.next_start, found.as_of)}" if c.next_start else ""
    return f"{several}{reach} to {age(c.end_offset)} ago, every {age(c.every)}{run}{'' if c.scheduled else ', paused'}"
