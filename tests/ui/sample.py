"""A pane of made-up sessions, and a console that shows it: what the tests of the widgets drive.

Run as a program it is that console on the terminal, told by SAMPLE what to show. Each time it is asked, it leaves a
byte in the file ASKED.
"""

import asyncio
import gc
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult

from console.app import ConsoleApp
from console.ui.columns import Column, Kind, Tone
from console.ui.commands import Command, CommandTable, bindings
from console.ui.detail import Block, DetailScreen, open_page
from console.ui.header import Identity
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.panebar import Panes, pane_commands
from console.ui.table import LineTable

HOSTILE = "\x1b]52;c;aGk=\x07 [/] [@click=app.quit]x \u202eevil\x9b31m\u200b\u2028\U000e0041\ud800\ttab\nline"
"""Everything that a terminal or a markup parser could obey."""


LONG = "x" * 100_000
"""More than a clipboard takes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One made-up session."""

    pid: int
    user: str
    state: str
    age: float | None
    query: str
    blocks: int = 0


COLUMNS: tuple[Column[Row], ...] = (
    Column(id="pid", title="pid", value=lambda r: r.pid, width=6, kind=Kind.NUMBER, text=str),
    Column(id="user", title="user", value=lambda r: r.user, width=10, priority=2),
    Column(
        id="state",
        title="state",
        value=lambda r: r.state,
        width=20,
        tone=lambda r: Tone.WARNING if "transaction" in r.state else Tone.PLAIN,
    ),
    Column(id="age", title="age", value=lambda r: r.age, width=6, kind=Kind.SECONDS),
    Column(id="query", title="statement", value=lambda r: r.query, width=12, grows=True),
)

STATES = ("active", "idle", "idle in transaction")


def rows(count: int, *, seconds: float = 10_800.0) -> list[Row]:
    """So many rows, idle for about so long."""
    return [
        Row(1000 + n, ("emr_app", "dba")[n % 2], STATES[n % 3], seconds + n, f"select ? from tasks where id = {n}")
        for n in range(count)
    ]


class Source:
    """Stands where a database stands for a pane: gives what it is told to give, and counts."""

    def __init__(self, answer: Callable[[], Sequence[Row]]) -> None:
        self.answer = answer
        self.asked = 0
        self.ended = 0
        self.changed = asyncio.Condition()
        self.gate = asyncio.Event()
        self.gate.set()
        self.intervals: list[float | None] = []
        self.asked_anew = 0

    async def ask(self) -> Sequence[Row]:
        self.asked += 1
        try:
            await self.gate.wait()
            return self.answer()
        finally:
            self.ended += 1
            async with self.changed:
                self.changed.notify_all()

    def pace(self, interval: float | None) -> None:
        self.intervals.append(interval)

    def forget_refusals(self) -> None:
        self.asked_anew += 1

    async def ended_at_least(self, count: int) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: self.ended >= count)


class SamplePane(Pane[Source, Sequence[Row]]):
    """Made-up sessions."""

    NAME: ClassVar = "sessions"
    TITLE: ClassVar = "Sessions"
    SHORT: ClassVar = "Sess"
    KEY: ClassVar = "2"
    INTERVAL: ClassVar[float | None] = 0.05
    COMMAND_TABLE: ClassVar[CommandTable] = (
        Command(id="sessions.end", keys="K", title="terminate", action="terminate", footer=True, dangerous=True),
    )
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)

    terminated = 0

    def body(self) -> ComposeResult:
        yield Listing(COLUMNS, key=lambda row: row.pid, pinned=lambda row: row.blocks > 0, pinned_as="blocker")

    async def load(self) -> Sequence[Row]:
        return await self.database.ask()

    def show(self, data: Sequence[Row]) -> None:
        self.query_one(Listing).show(data)

    def nothing(self, data: Sequence[Row]) -> str:
        return "" if data else "Nobody is connected."

    def action_terminate(self) -> None:
        self.terminated += 1

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        row: Row = event.row
        facts = [("pid", str(row.pid)), ("state", row.state)]
        open_page(self, DetailScreen(f"session {row.pid}", facts, [Block("statement", row.query, "sql")]))

    @property
    def table(self) -> LineTable[Row]:
        table: LineTable[Row] = self.query_one(LineTable)
        return table


class OtherPane(SamplePane):
    """Made-up migrations."""

    NAME: ClassVar = "migrations"
    TITLE: ClassVar = "Migrations"
    SHORT: ClassVar = "Migr"
    KEY: ClassVar = "8"
    INTERVAL: ClassVar[float | None] = None


HERE = Identity(
    profile="staging",
    user="dba",
    host="db1",
    database="emr",
    role="primary",
    version="18.6",
    flavour="timescale 2.23.0",
)


class SampleConsole(ConsoleApp):
    """The console with the sample's panes."""

    PANES: ClassVar[Panes] = (SamplePane, OtherPane)
    RECORDED: ClassVar = ()
    COMMAND_TABLE: ClassVar[CommandTable] = pane_commands(PANES)
    BINDINGS: ClassVar = bindings(COMMAND_TABLE)


UTF8 = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
"""An ordinary terminal, whatever the tests are run on."""


def console(source: Source, *, identity: Identity = HERE, keymap: dict[str, str] | None = None) -> SampleConsole:
    """The sample's console on an ordinary terminal."""
    return SampleConsole(source, identity, keymap=keymap, environ=UTF8)  # type: ignore[arg-type]  # a stand-in


class TableHost(App[None]):
    """A table alone."""

    def __init__(self, shown: Sequence[Row] = (), columns: Sequence[Column[Row]] = COLUMNS) -> None:
        super().__init__()
        self.table: LineTable[Row] = LineTable(columns, key=lambda row: row.pid, empty="nobody is connected")
        self.shown = shown
        self.messages: list[LineTable.RowHighlighted] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.show(self.shown)

    @on(LineTable.RowHighlighted)
    @on(LineTable.RowSelected)
    def _note(self, event: LineTable.RowHighlighted) -> None:
        self.messages.append(event)


def main() -> None:
    """The console on the terminal; SAMPLE says what its rows do."""
    kind = os.environ.get("SAMPLE", "idle")
    ticks = iter(range(1_000_000))
    answers: dict[str, Callable[[], Sequence[Row]]] = {
        "idle": lambda: rows(50),
        "ages": lambda: rows(100, seconds=float(next(ticks))),
        "hostile": lambda: [replace(row, user=HOSTILE, query=HOSTILE, state=HOSTILE) for row in rows(5)],
        "long": lambda: [replace(row, query=LONG) for row in rows(5, seconds=float(next(ticks)))],
        "odd": lambda: [replace(rows(1)[0], user=HOSTILE, query=HOSTILE), rows(2)[1], replace(rows(3)[2], query=LONG)],
    }
    SamplePane.INTERVAL = float(os.environ.get("INTERVAL", "0.1"))
    with Path(os.environ.get("ASKED", os.devnull)).open("ab", buffering=0) as asked:

        def answer() -> Sequence[Row]:
            asked.write(b".")
            return answers[kind]()

        SampleConsole(Source(answer), HERE).run()  # type: ignore[arg-type]  # a stand-in


if __name__ == "__main__":
    main()
    gc.freeze()  # as the product does: it leaves at once
