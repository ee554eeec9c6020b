"""stdout is data, stderr is narration; an error is one sentence, or one JSON object for scripts."""

import argparse
import errno
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

from console.cli.columns import Column
from console.errors import ConsoleError, Exit
from console.ui.json_lines import json_line

if TYPE_CHECKING:
    from console.db.server import Server

GONE = frozenset({errno.EPIPE, errno.EIO})
"""What writing to a reader that has left, or to a terminal that was closed, ends in."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is at its other end; one that was closed before we began has none."""
    return stream is not None and stream.isatty()


def data(value: Mapping[str, Any]) -> None:
    """One JSON object on one line of stdout, at once; in ASCII, so that no name can steer a terminal."""
    write(sys.stdout, json_line(value) + "\n")


def answer(as_of: datetime, server: "Server", /, **told: object) -> None:
    """One such object: when that was, on what server, and what was found there."""
    data({"as_of": as_of, "flavour": server.flavour, "server": server.version, **told})


def write(stream: TextIO | None, text: str) -> None:
    """Write at once. That nobody reads any more, as behind `head`, ends no work: what follows is written nowhere."""
    if stream is None:  # it was closed before we began
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        if error.errno not in GONE:
            raise ConsoleError(
                f"What was found could not be written ({error.strerror}).", exit=Exit.OUT_OF_SPACE
            ) from error
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def safe(line: str) -> str:
    """The whole of a line, so that it cannot steer a terminal, whoever chose the names in it."""
    from console.ui.text import sanitise

    return sanitise(line, limit=len(line))


def say(args: argparse.Namespace, line: str) -> None:
    """One line of narration on stderr, unless --quiet."""
    if not args.quiet:
        write(sys.stderr, safe(line) + "\n")


def text(whole: str) -> None:
    """Lines of stdout, each made safe for a terminal."""
    write(sys.stdout, "".join(f"{safe(line)}\n" for line in whole.splitlines()))


def trace_sql() -> None:
    """Write every statement to stderr from now on, without its values."""
    import logging

    from console.ui.text import sanitise

    class Safe(logging.Formatter):
        """Names in a statement may be anybody's, and some statements are rows by the thousand."""

        def format(self, record: logging.LogRecord) -> str:
            return sanitise(super().format(record))

    handler = logging.StreamHandler()
    handler.setFormatter(Safe("%(relativeCreated)6d ms  session %(message)s"))
    log = logging.getLogger("console.sql")
    log.handlers = [handler]  # one, however many commands a process runs
    log.setLevel(logging.DEBUG)


def table(title: str, columns: Sequence[Column | str], rows: Iterable[Sequence[str]]) -> None:
    """Rows for a person: a table on a terminal, elsewhere tab-separated lines with everything in them, below the title.

    A column that is only a heading is always shown, and whole.
    """
    named = [Column(column) if isinstance(column, str) else column for column in columns]
    cells = [[safe(cell) for cell in row] for row in rows]
    if is_terminal(sys.stdout):
        from console.cli.drawing import draw

        draw(title, named, cells)
    else:
        lines = [*([[title]] if title else []), [column.title for column in named], *cells]
        write(sys.stdout, "".join("\t".join(line) + "\n" for line in lines))


def failure(error: ConsoleError, *, to_json: bool) -> None:
    """The sentence on stderr, and with --json the error object on stdout; names in it may be anybody's."""
    with suppress(ConsoleError):  # where it cannot be said, the exit code still says it
        write(sys.stderr, f"emr-console: {safe(error.sentence())}\n")
    if to_json:
        with suppress(ConsoleError):
            data({"error": error_object(error)})


def error_object(error: ConsoleError) -> dict[str, object]:
    """An error as --json spells it; `code` is the exit code."""
    return {
        "code": int(error.exit),
        "message": error.message,
        "hint": error.hint or None,
        "state": error.state or None,
        "sqlstate": error.sqlstate,
    }
