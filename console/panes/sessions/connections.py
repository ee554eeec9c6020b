"""The page of connections: those of each application, and what is held open by nobody's session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from console.panes.sessions.applications import Application, applications, pool_verdict, pooled
from console.panes.sessions.models import Horizon, Keeper, Snapshot
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.ui.text import age, fit, sanitise

if TYPE_CHECKING:
    from console.config.settings import Pool

NAME = 23
"""Cells of an application's name."""

HEADINGS = ("connections", "active", "idle", "in tx", "leaked", "oldest")
"""What stands above the numbers of an application."""


def connections_page(shown: Snapshot, database: str, pool: Pool | None) -> DetailScreen:
    """All of it, as of the last refresh."""
    found = applications(shown.sessions, database)
    title = f"connections to {database}, {shown.as_of:%H:%M:%S} UTC"
    return DetailScreen(title, facts(shown, found, pool), list(blocks(found, shown.keepers)))


def facts(shown: Snapshot, found: Sequence[Application], pool: Pool | None) -> list[Fact]:
    """The sums, and who keeps rows from vacuum."""
    limit = f" of {shown.limit}" if shown.limit else ""
    leaked = sum(each.leaked for each in found)
    held = shown.horizon
    said = {
        "server": f"{shown.connections}{limit} connections",
        "this database": pool_verdict(pooled(found), pool),
        "leaked": f"▲ {leaked} idle in a transaction for a minute or longer" if leaked else "",
        "vacuum": horizon_text(held) if held else "",
    }
    return [(label, value) for label, value in said.items() if value]


def horizon_text(held: Horizon) -> str:
    """Who keeps rows, and since when.

    >>> horizon_text(Horizon("4711", "session", 743.0, 48_211))
    '▲ session 4711 keeps rows for 12 m, 48,211 transactions back'
    """
    since = "" if held.age is None else f" for {age(held.age)}"
    sign = "▲ " if held.grave else ""
    return f"{sign}{held.kind} {held.who} keeps rows{since}, {held.transactions:,} transactions back"


def blocks(found: Sequence[Application], keepers: Sequence[Keeper]) -> Iterator[Block]:
    """A table of the applications, and one of each kind of what is held open."""
    if found:
        yield Block("by application", applications_text(found))
    prepared = [keeper for keeper in keepers if keeper.kind == "prepared transaction"]
    slots = [keeper for keeper in keepers if keeper.kind == "replication slot"]
    if prepared:
        yield Block("prepared transactions: COMMIT PREPARED or ROLLBACK PREPARED ends one", _listed(prepared))
    if slots:
        yield Block("replication slots that keep rows", _listed(slots))


def applications_text(found: Sequence[Application]) -> str:
    """A line for each application.

    >>> print(applications_text([Application("emr-integration", 12, 1, 9, 2, 1, 743.0)]))
    application               connections  active  idle  in tx  leaked  oldest
    emr-integration                    12       1     9      2     ▲ 1    12 m
    """
    lines = [f"{fit('application', NAME)} {''.join(f'{heading:>{_width(heading)}}' for heading in HEADINGS)}"]
    for each in found:
        leaked = f"▲ {each.leaked}" if each.leaked else ""
        numbers = (each.connections, each.active, each.idle, each.in_transaction, leaked, age(each.oldest))
        cells = (f"{said or '':>{_width(heading)}}" for said, heading in zip(numbers, HEADINGS, strict=True))
        lines.append(f"{fit(sanitise(each.application or '(no name)'), NAME)} {''.join(cells)}")
    return "\n".join(lines)


def _width(heading: str) -> int:
    return len(heading) + 2


def _listed(keepers: Sequence[Keeper]) -> str:
    """A line for each.

    >>> held = Keeper(kind="prepared transaction", name="tx 7", owner="ana", database="emr", age=700.0, horizon=9)
    >>> _listed([held])
    'tx 7, ana@emr, 11 m, 9 transactions back'
    """
    return "\n".join(
        ", ".join(part for part in (keeper.name, _place(keeper), age(keeper.age), _back(keeper)) if part)
        for keeper in keepers
    )


def _place(keeper: Keeper) -> str:
    return "@".join(part for part in (keeper.owner, keeper.database) if part)


def _back(keeper: Keeper) -> str:
    return "" if keeper.horizon is None else f"{keeper.horizon:,} transactions back"
