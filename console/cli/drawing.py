"""A table on a terminal: cut to its width, and what was left out is said."""

import shutil
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from console.cli.columns import Column, Slot, fit, needed


def draw(title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Write rows of safe texts under their headings to stdout."""
    room = shutil.get_terminal_size().columns
    widths = [max((cell_len(row[place]) for row in rows), default=0) for place in range(len(columns))]
    slots = fit(columns, widths, room)
    # Where even what must be shown is too wide, the terminal breaks its lines; narrower columns would hide it.
    console = Console(width=max(room, needed([slot.width for slot in slots])))
    console.print(_drawn(title, columns, rows, slots, ascii_only=console.options.ascii_only))
    shown = {slot.place for slot in slots}
    left_out = [column.title for place, column in enumerate(columns) if widths[place] and place not in shown]
    if left_out:
        console.print(Text(f"No room for {', '.join(left_out)}: widen the window, or see --json."), width=room)


def _drawn(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], slots: Sequence[Slot], *, ascii_only: bool
) -> Table:
    drawn = Table(
        title=Text(title) if title else None,
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for slot in slots:
        column = columns[slot.place]
        drawn.add_column(
            Text(column.title),
            width=slot.width,
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold" if column.folds else "crop" if ascii_only else "ellipsis",
        )
    for row in rows:
        drawn.add_row(*(Text(row[slot.place]) for slot in slots))
    return drawn
