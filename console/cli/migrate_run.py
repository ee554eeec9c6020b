"""How `migrate up` and `migrate down` tell what happens: JSON lines for scripts, sentences on stderr for people."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from console.cli import output
from console.errors import Interrupted
from console.migrate.reports import Event, Report, Result

_SAID = {
    "migration": "Running {message} ({statements} statements) ...",
    "statement": "  statement {statement} of {statements}, line {line}",
    "applied": "Applied {message}.",
    "rolled_back": "Rolled {message} back.",
    "waiting": "{message}",
    "checking": "{message}",
    "note": "{message}",
}


class _Narrator:
    """Hears the events, passes them on, and remembers how far the run came."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self.planned: list[str] = []
        self.done: list[str] = []
        self._on_terminal = sys.stderr.isatty() and not args.quiet

    def hear(self, event: Event) -> None:
        """Take one event. A reader of stdout who leaves, as `head` does, ends no migration."""
        try:
            self._hear(event)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _hear(self, event: Event) -> None:
        if event.event == "started":
            self.planned = event.versions
        if event.event in ("applied", "rolled_back"):
            self.done.append(str(event.version))
        if self._args.json:
            output.data(event.as_json())
        elif event.event == "statement" and not self._args.verbose:
            self._show_progress(event)
        elif event.event in _SAID:
            self.erase()
            output.say(self._args, _SAID[event.event].format_map(asdict(event)))

    def _show_progress(self, event: Event) -> None:
        """Rewrite one line of the terminal; whatever comes next writes over it."""
        if self._on_terminal:
            self.erase()
            sys.stderr.write(f"  statement {event.statement} of {event.statements}, line {event.line}")
            sys.stderr.flush()

    def erase(self) -> None:
        """Take the line of progress away."""
        if self._on_terminal:
            sys.stderr.write("\r\x1b[K")


async def narrated(args: argparse.Namespace, work: Callable[[Report], Awaitable[Result]]) -> int:
    """Run to the end or to the person's Ctrl-C; the result is the last thing on stdout."""
    narrator = _Narrator(args)
    try:
        result = await work(narrator.hear)
    except asyncio.CancelledError:
        if not narrator.planned:
            raise
        result = _interrupted(narrator)
    narrator.erase()
    if args.json:
        output.data(_as_json(result))
    else:
        _show(result)
    if result.error:
        output.failure(result.error, to_json=False)
    return result.exit


def _interrupted(narrator: _Narrator) -> Result:
    """The result when the person stopped it: the one at work was rolled back with its transaction."""
    left = narrator.planned[len(narrator.done) :]
    error = Interrupted("Interrupted.", state=f"{left[0]} was rolled back; what came before it stays." if left else "")
    return Result(narrator.done, None, left, error)


def _show(result: Result) -> None:
    """Print what became of each migration."""
    failed = [(result.failed.version, "failed")] if result.failed else []
    rows = [(each, "done") for each in result.done] + failed + [(each, "not started") for each in result.not_started]
    if rows:
        output.table("", ("version", "outcome"), rows)


def _as_json(result: Result) -> dict[str, object]:
    return {
        "event": "result",
        "done": result.done,
        "failed": asdict(result.failed) if result.failed else None,
        "not_started": result.not_started,
        "backup": None,
        "error": output.error_object(result.error) if result.error else None,
        "exit": int(result.exit),
    }
