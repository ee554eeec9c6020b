"""What stands in a table that is alone on the screen."""

from tests.ui.sample import TableHost


def text(host: TableHost) -> list[str]:
    """What stands on the screen."""
    table = host.table
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


def current(host: TableHost) -> int:
    row = host.table.rows.current
    assert row is not None
    return row.pid
