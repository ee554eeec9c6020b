"""stdout is data, stderr is narration; an error is one sentence, or one JSON object for scripts."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from console.errors import ConsoleError


def as_json(value: object) -> object:
    """What `json` cannot write by itself: moments as ISO-8601 UTC with microseconds.

    >>> as_json(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05.000000Z'
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)


def data(value: Mapping[str, Any]) -> None:
    """One JSON object on one line of stdout, at once; in ASCII, so that no name can steer a terminal."""
    sys.stdout.write(json.dumps(value, default=as_json) + "\n")
    sys.stdout.flush()


def safe(line: str) -> str:
    """A line that cannot steer a terminal, whoever chose the names in it."""
    from console.ui.text import sanitise

    return sanitise(line)


def say(args: argparse.Namespace, line: str) -> None:
    """One line of narration on stderr, unless --quiet."""
    if not args.quiet:
        sys.stderr.write(safe(line) + "\n")
        sys.stderr.flush()


def trace_sql() -> None:
    """Write every statement to stderr from now on, without its values."""
    import logging

    class Safe(logging.Formatter):
        """Names in a statement may be anybody's."""

        def format(self, record: logging.LogRecord) -> str:
            return safe(super().format(record))

    handler = logging.StreamHandler()
    handler.setFormatter(Safe("%(relativeCreated)6d ms  session %(message)s"))
    logging.getLogger("console.sql").addHandler(handler)
    logging.getLogger("console.sql").setLevel(logging.DEBUG)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows for a person: a table on a terminal, tab-separated lines elsewhere."""
    cells = [[safe(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        sys.stdout.writelines("\t".join(row) + "\n" for row in [columns, *cells])
        sys.stdout.flush()
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(Text(column), overflow="ellipsis")
    for row in cells:
        drawn.add_row(*(Text(cell) for cell in row))
    Console().print(drawn)


def failure(error: ConsoleError, *, to_json: bool) -> None:
    """The sentence on stderr, and with --json the error object on stdout; names in it may be anybody's."""
    sys.stderr.write(f"emr-console: {safe(error.sentence())}\n")
    if to_json:
        data({"error": error_object(error)})


def error_object(error: ConsoleError) -> dict[str, object]:
    """An error as json.md spells it; `code` is the exit code."""
    return {
        "code": int(error.exit),
        "message": error.message,
        "hint": error.hint or None,
        "state": error.state or None,
        "sqlstate": error.sqlstate,
    }
