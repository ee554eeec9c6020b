"""How `migrate up` and `migrate down` tell what happens: JSON lines for scripts, sentences on stderr for people."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from console.cli import output
from console.cli.progress import Line
from console.errors import ConsoleError
from console.migrate.begun import Begun
from console.migrate.interrupted import interrupted
from console.migrate.reports import Event, Report, Result
from console.units import age, number_of

_SAID = {
    "migration": "Running {message} ({counted}) ...",
    "statement": "  statement {statement} of {statements}, line {line}",
    "applied": "Applied {message}.",
    "rolled_back": "Rolled {message} back.",
    "waiting": "{message}",
    "checking": "{message}",
    "backup": "{message}",
    "backed_up": "{message}",
    "note": "{message}",
}


class _Narrator:
    """Hears the events, passes them on, and remembers how far the run came."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self.events: list[Event] = []
        self._line = Line(args)
        self._running: Event | None = None
        self._begun = Begun()
        self._phase: str | None = None
        self.unwritten: ConsoleError | None = None
        """Why nobody hears any more; the run is left in order all the same."""

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._follow(event)
        self.events.append(event)
        self.write(lambda: self._tell(event))

    def write(self, say: Callable[[], None]) -> None:
        """Say it, as long as what is said can be written."""
        if self.unwritten is None:
            try:
                say()
            except ConsoleError as error:
                self.unwritten = error

    def _tell(self, event: Event) -> None:
        self._line.erase()
        if self._args.json:
            output.data(event.as_json())
        elif event.event == "progress" or (event.event == "statement" and not self._args.verbose):
            self._show()
        elif event.event in _SAID:
            counted = number_of(event.statements or 0, "statement")
            output.say(self._args, _SAID[event.event].format_map(asdict(event) | {"counted": counted}))

    def _follow(self, event: Event) -> None:
        """Keep in mind what runs, since when, and how far the server says it is."""
        self._phase = event.message if event.event == "progress" else None
        self._begun.hear(event, time.monotonic())
        if event.event == "statement":
            self._running = event
        elif event.event not in ("progress", "waiting"):
            self._running = None

    def _show(self) -> None:
        if self._running:
            seconds = self._begun.seconds(self._running, time.monotonic())
            lasting = f", {age(seconds)}" if seconds >= 1 else ""
            phase = f": {self._phase}" if self._phase else ""
            self._line.show(_SAID["statement"].format_map(asdict(self._running)) + lasting + phase)

    async def watch(self) -> None:
        """Say once a second how long the statement has been running; never ends by itself."""
        while True:
            await asyncio.sleep(1)
            self.write(self._show)

    def close(self) -> None:
        """Take the line of progress away."""
        self.write(self._line.erase)


async def narrated(args: argparse.Namespace, work: Callable[[Report], Awaitable[Result]]) -> int:
    """Run to the end or to the person's Ctrl-C; the result is the last thing on stdout."""
    narrator = _Narrator(args)
    watching = asyncio.create_task(narrator.watch())
    try:
        result = await work(narrator.hear)
    except asyncio.CancelledError:
        if not narrator.events:
            raise
        result = interrupted(narrator.events)
    finally:
        watching.cancel()
        narrator.close()
    narrator.write(lambda: output.data(_as_json(result)) if args.json else _show(result))
    if result.error:
        output.failure(result.error, to_json=False)
    elif narrator.unwritten:
        raise _ended(narrator.unwritten, result)
    return result.exit


def _ended(unwritten: ConsoleError, result: Result) -> ConsoleError:
    """Why nobody could hear what became of a run, with just that."""
    done = f"done: {', '.join(result.done)}" if result.done else "nothing was to be done"
    unwritten.state = f"The run itself has ended; {done}."
    unwritten.hint = "See emr-console migrate status."
    return unwritten


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
        "backup": result.backup.as_json() if result.backup else None,
        "error": output.error_object(result.error) if result.error else None,
        "exit": int(result.exit),
    }
