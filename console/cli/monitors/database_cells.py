"""The lines of `emr-console database`, `tables`, `indexes`, `replication` and `progress` for a person."""

from collections.abc import Callable
from typing import Any

from console.cli.columns import Column
from console.panes.database.indexes.models import Index
from console.panes.database.progress.models import Progress
from console.panes.database.replication.models import Link
from console.panes.database.summary.figures import Figure
from console.panes.database.tables.models import Table
from console.units import age, bytes_text, count, duration


def of_figure(figure: Figure) -> list[str]:
    """One figure of the summary."""
    level = figure.level.value.upper() if figure.level else ""
    return [level, figure.title, figure.total, figure.remark]


def of_table(table: Table) -> list[str]:
    """One table."""
    row = table.relation
    size = f"{'' if table.exact is not None else '~'}{bytes_text(table.bytes)}"
    dead = "" if table.dead_share is None else f"{100 * table.dead_share:.0f} %"
    return [
        table.label, table.kind, count(row.parts or None), size, bytes_text(row.index_bytes), count(row.rows), dead,
        age(row.vacuum_age), age(row.analyze_age), count(row.seq_scans), count(row.index_scans),
    ]  # fmt: skip


def of_index(index: Index) -> list[str]:
    """One index."""
    size = f"{'' if index.exact is not None else '~'}{bytes_text(index.bytes)}"
    drop = index.drop if index.spare or index.duplicate_of else None
    return [index.row.name, index.table, size, count(index.row.scans), index.finding or "", drop or ""]


def of_link(link: Link) -> list[str]:
    """One standby, slot or receiver."""
    behind, kept = bytes_text(link.lag_bytes), bytes_text(link.kept_bytes)
    return [link.level.upper(), link.kind, link.name, link.state, behind, duration(link.lag_seconds), kept, link.remark]


def of_progress(each: Progress) -> list[str]:
    """Something under way."""
    row = each.row
    share = "" if each.share is None else f"{100 * each.share:.0f} %"
    command = "hidden" if each.hidden else row.command or ""
    return [str(row.pid), command, row.relation or "", row.phase or "", share, age(row.elapsed), row.user or ""]


TABLES: dict[str, tuple[tuple[Column, ...], Callable[[Any], list[str]]]] = {
    "database": (
        (Column("level", 2), Column("figure"), Column("total"), Column("remark", least=20, folds=True)),
        of_figure,
    ),
    "tables": (
        (
            Column("table", least=20), Column("kind", 5), Column("parts", 4, right=True), Column("size", right=True),
            Column("indexes", 3, right=True), Column("rows", right=True), Column("dead", right=True),
            Column("vacuum", 2, right=True), Column("analyze", 2, right=True), Column("seq scans", 3, right=True),
            Column("idx scans", 3, right=True),
        ),
        of_table,
    ),
    "indexes": (
        (
            Column("index", least=20), Column("table", 3, least=10), Column("size", right=True),
            Column("scans", right=True), Column("finding", 2, least=12), Column("drop", 4),
        ),
        of_index,
    ),
    "replication": (
        (
            Column("level", 3), Column("kind"), Column("name", least=12), Column("state", least=12),
            Column("behind", right=True), Column("lag", right=True), Column("kept WAL", 2, right=True),
            Column("remark", 4, least=12),
        ),
        of_link,
    ),
    "progress": (
        (
            Column("pid", right=True), Column("command", least=12), Column("relation", 2, least=12),
            Column("phase", least=12), Column("done", right=True), Column("for", right=True), Column("user", 3),
        ),
        of_progress,
    ),
}  # fmt: skip
"""By command: the columns, and how one line of it is spelled in them."""
