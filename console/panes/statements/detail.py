"""One statement on a page of its own: every counter that the server has, its text laid out; its plan on another."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

from textual import work

from console.errors import ConsoleError
from console.panes.statements.keys import PAGE
from console.panes.statements.models import Running, Statement, Whole
from console.sql.layout import laid_out
from console.sql.lexer import mask
from console.ui.commands import CommandTable, bindings
from console.ui.detail import Block, DetailScreen, Page, open_page
from console.ui.facts import Fact
from console.ui.text import age, bytes_text, count, duration

_ELSEWHERE = frozenset(
    {"userid", "dbid", "queryid", "toplevel", "query", "stats_since", "minmax_stats_since", "calls", "rows"}
)
_WORDS = {"exec": "run", "blks": "blocks", "blk": "block", "stddev": "standard deviation", "fpi": "full pages"}


GONE = "gone: the entry was thrown away or reset since the last refresh"
"""Said of the counters of a statement that the server does not know any more."""


class StatementScreen(DetailScreen):
    """A page about one statement; `explain` asks for its plan, None: nobody can."""

    COMMAND_TABLE: ClassVar[CommandTable] = PAGE
    BINDINGS: ClassVar = bindings(PAGE)

    def __init__(
        self, title: str, facts: Sequence[Fact], blocks: Sequence[Block], explain: Callable[[], Awaitable[str]] | None
    ) -> None:
        super().__init__(title, facts, blocks)
        self._explain = explain

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of what has gone, and at an earlier moment, there is no plan."""
        return self._explain is not None if action == "plan" else super().check_action(action, parameters)

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def action_plan(self) -> None:
        """Show the plan on a page of its own."""
        if self._explain is None:
            return
        try:
            text = await self._explain()
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
        else:
            open_page(self.query_one(Page), plan_page(self._heading, self._blocks, text))


def page(
    statement: Statement, whole: Whole | None, explain: Callable[[], Awaitable[str]] | None = None, gone: str = GONE
) -> StatementScreen:
    """The page; where nothing more can be told of a statement, what is known of it, and why."""
    known: list[Fact] = [
        ("role", statement.user or ""),
        ("database", statement.database or "dropped"),
        ("sent by", "a client" if statement.key.toplevel else "a function"),
    ]
    told = counters(whole) if whole else [*_listed(statement), ("other counters", gone)]
    return StatementScreen(title(statement), [*known, *told], text_blocks(statement, whole), explain)


def plan_page(heading: str, text: Sequence[Block], plan: str) -> DetailScreen:
    """The page of a plan, which comes before the statement that it is of."""
    return DetailScreen(f"plan of {heading}", (), [Block("plan, for any values; it was not run", plan), *text])


def title(statement: Statement) -> str:
    """Which statement."""
    return f"statement {statement.key.queryid}"


def text_blocks(statement: Statement, whole: Whole | None) -> list[Block]:
    """Its text, as much of it as is known."""
    text = mask(whole.query_text.get_secret_value()) if whole else statement.query
    return [Block("statement, without its values", laid_out(text), "sql")] if text else []


def _listed(statement: Statement) -> list[Fact]:
    """The counters that the list has."""
    return [
        ("calls", count(statement.calls)),
        ("rows", count(statement.rows)),
        ("total run time", duration(statement.total_time)),
        ("mean run time", duration(statement.mean_time) if statement.mean_time is not None else ""),
    ]


def counters(whole: Whole) -> list[Fact]:
    """Every counter that has counted something, in words and units; at the end those that have not.

    >>> from pydantic import SecretStr
    >>> seen = {"calls": 3, "rows": 0, "mean_exec_time": 1.5, "shared_blks_read": 2, "jit_functions": 0, "userid": "10"}
    >>> counters(Whole(counters=seen, block_size=8192, query_text=SecretStr("")))
    [('calls', '3'), ('rows', '0'), ('mean run time', '1.50 ms'), ('shared blocks read', '16.0 kB'), \
('at zero', 'jit functions')]
    """
    given = whole.counters
    facts: list[Fact] = [(name, count(given[name])) for name in ("calls", "rows") if name in given]
    others = {name: value for name, value in given.items() if name not in _ELSEWHERE}
    since = given.get("stats_since")
    facts += [("counted since", f"{since[:10]} {since[11:19]} UTC")] if since else []
    facts += [(words(name), valued(name, value, whole.block_size)) for name, value in others.items() if value]
    nothing = ", ".join(words(name) for name, value in others.items() if not value)
    return [*facts, ("at zero", nothing)] if nothing else facts


def words(column: str) -> str:
    """A counter's name for a person; one that we do not know yet is readable too.

    >>> words("stddev_exec_time"), words("temp_blks_written"), words("wal_fpi"), words("brand_new")
    ('standard deviation run time', 'temp blocks written', 'wal full pages', 'brand new')
    """
    return " ".join(_WORDS.get(word, word) for word in column.split("_"))


def valued(column: str, value: Any, block_size: int) -> str:
    """A counter with its unit, which its name tells: times are milliseconds, blocks are as large as the server's."""
    if isinstance(value, str):
        return value
    if column.endswith("_time"):
        return duration(value / 1000)
    if "_blks_" in column:
        return bytes_text(value * block_size)
    return bytes_text(value) if column.endswith("_bytes") else count(value)


def running_page(running: Running, query: str | None) -> DetailScreen:
    """A statement that still runs; None: its session has ended meanwhile."""
    known: Mapping[str, str | None] = {
        "pid": str(running.pid),
        "role": running.user,
        "database": running.database,
        "application": running.application,
        "runs for": age(running.age),
        "waits": f"{running.wait_event_type}: {running.wait_event}" if running.wait_event_type else None,
        "statement": None if query else "gone: the session has ended since the last refresh",
    }
    blocks = [Block("statement, without its values", laid_out(query), "sql")] if query else []
    return DetailScreen(f"session {running.pid}", [(label, said) for label, said in known.items() if said], blocks)
