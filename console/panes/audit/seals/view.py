"""The seals tab: day by day, verified on a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.acting import TOLD
from console.db.database import Database
from console.errors import ConsoleError
from console.identity import identify
from console.panes.audit.lines import ReachLine
from console.panes.audit.seals import keys
from console.panes.audit.seals.columns import COLUMNS, SIGNS, summed
from console.panes.audit.seals.sealed import SealedDay, Sealing
from console.panes.audit.seals.service import Vault
from console.services.audit.sealing.models import Later, Progress, Seal
from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Fact, Question
from console.ui.detail import Block, DetailScreen, open_page
from console.ui.lines import Piece
from console.ui.pane import Pane
from console.ui.table import LineTable

NONE = """No day of the audit log is sealed yet, so that nobody could tell whether rows were changed.

L seals every day that is over for 48 hours; at night emr-console audit seal does, from cron."""
"""Said before the first seal."""


class SumLine(Bar):
    """All days in a line."""

    DEFAULT_CSS = "SumLine { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._seals: Sealing | None = None

    def pieces(self, width: int) -> list[Piece]:
        """It, or nothing before the first answer."""
        if self._seals is None or not self._seals.days:
            return []
        broken = self._seals.count("broken")
        return [Piece(f" {'✖ ' if broken else ''}{summed(self._seals)}", Tone.ERROR if broken else Tone.PLAIN)]

    def show(self, seals: Sealing) -> None:
        """Show it."""
        self._seals = seals
        self.repaint()


class SealsPane(Pane[Database, Sealing]):
    """Which days of the audit log are sealed, and whether they still are what was sealed."""

    NAME: ClassVar = "seals"
    TITLE: ClassVar = "Seals"
    INTERVAL: ClassVar = None
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    BINDINGS: ClassVar = bindings(keys.PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._vault = self.vault()
        self._sums = SumLine()
        self._table: LineTable[SealedDay] = LineTable(COLUMNS, key=lambda day: day.day)
        self._reach = ReachLine()
        self._verified: Sealing | None = None

    def vault(self) -> Vault:
        """What it asks."""
        return Vault(self.database)

    def head(self) -> ComposeResult:
        """All days in a line, and what is being done."""
        yield self._sums
        yield self._reach

    def body(self) -> ComposeResult:
        """The days."""
        yield self._table

    async def load(self) -> Sealing:
        """Which days are sealed; what was proved in this session stays, until somebody asks anew."""
        if self._verified is None:
            return await self._vault.standing()
        return self._verified

    def show(self, data: Sealing) -> None:
        """Put it on screen."""
        self._sums.show(data)
        self._table.show(data.days)

    def nothing(self, data: Sealing) -> str:
        """Nothing is sealed."""
        return "" if data.days else NONE

    def remark(self, data: Sealing) -> str:
        """What is wrong with the chain as a whole."""
        return " ".join(finding.sentence for finding in data.loose)

    def say(self) -> None:
        """Also how long something takes."""
        super().say()
        self._reach.repaint()

    def on_hide(self) -> None:
        """Nobody looks any more."""
        super().on_hide()
        self.action_stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing at a time; nothing asks by itself, so that there is nothing to pause."""
        if action in ("pause", "interval"):
            return False
        if action == "stop":
            return bool(self._reach.doing)
        if action in ("verify", "seal"):
            return not self._reach.doing
        return super().check_action(action, parameters)

    def action_now(self) -> None:
        """Ask which days are sealed, and forget what was proved."""
        self._verified = None
        super().action_now()

    def action_stop(self) -> None:
        """Stop what is being done, also on the server."""
        self.workers.cancel_group(self, "seals")

    def action_verify(self) -> None:
        """Hash every sealed day again."""
        if self.check_action("verify", ()):
            self._verify()

    def action_seal(self) -> None:
        """Ask, then seal what is closed."""
        if self.check_action("seal", ()):
            self.app.push_screen(ConfirmScreen(self._question()), lambda consent: self._agreed(consent is not None))

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            day: SealedDay = event.row
            open_page(self, DetailScreen(f"{day.day}: {SIGNS[day.state].strip('✖▲● ')}", facts(day), blocks(day)))

    def _question(self) -> Question:
        return Question(
            title="Seal the audit log",
            facts=[("on", identify(self.database.target, self.database.known).place)],
            consequence="Every day that is over for 48 hours and has no seal gets one, which nobody can take back.",
            verb="seal",
        )

    def _agreed(self, agreed: bool) -> None:
        if agreed:
            self._seal()

    @work(exclusive=True, group="seals", exit_on_error=False)
    async def _verify(self) -> None:
        async with self._doing("hashing sealed days again") as mark:
            self._verified = await self._vault.verify(partial(self._hear, mark))
            self.arrived(replace(self._verified))

    @work(exclusive=True, group="seals", exit_on_error=False)
    async def _seal(self) -> None:
        async with self._doing("sealing") as mark:
            done, kept = await self._vault.seal(partial(self._hear, mark))
            days = sum(each.days for each in done)
            self.notify(f"{days:,} days of two tables are sealed. {kept.sentence if days else ''}", timeout=TOLD)
            self.action_now()

    def _hear(self, mark: int, progress: Progress) -> None:
        self._reach.tell(mark, f"{progress.table}: {progress.done:,} of {progress.days:,} days hashed")

    @asynccontextmanager
    async def _doing(self, what: str) -> AsyncIterator[int]:
        mark = self._reach.begin(what)
        failed = False
        self.refresh_bindings()
        try:
            yield mark
        except ConsoleError as error:
            failed = True
            self.notify(error.sentence(), severity="error", timeout=TOLD)
        finally:
            self._reach.end(mark, failed=failed)
            self.refresh_bindings()


def facts(day: SealedDay) -> list[Fact]:
    """What is known of a day."""
    return [fact for seal in day.seals for fact in _of(seal)] or [("sealed", "no")]


def _of(seal: Seal) -> list[Fact]:
    signed = f"by {seal.public_key}" if seal.public_key else "not signed; a later signature proves it, too"
    retired = f"{seal.retired_at:%Y-%m-%d} by {seal.retired_by}" if seal.retired_at else ""
    known = [
        (seal.table_name, f"seal {seal.number:,}, {seal.rows:,} rows"),
        ("sealed", f"{seal.sealed_at:%Y-%m-%d %H:%M:%S} UTC by {seal.sealed_by}, role {seal.sealed_as}"),
        ("seal", seal.seal),
        ("signed", signed),
        ("retired", retired),
    ]
    return [(label, value) for label, value in known if value]


def blocks(day: SealedDay) -> list[Block]:
    """What is wrong with it, and the rows that came later."""
    return [
        Block(f"{finding.table}: {finding.state}", "\n".join([finding.sentence, *_later(finding.later)]))
        for finding in day.findings
    ]


def _later(rows: tuple[Later, ...]) -> list[str]:
    return [f"{row.created_at:%H:%M:%S.%f}  {row.id}" for row in rows]
