"""Reads the command line, runs one command, and turns whatever happens into a sentence and an exit code."""

import argparse
import io
import os
import re
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from console import __version__
from console.cli import output
from console.errors import ConsoleError, Defect, Exit, Interrupted, UsageError

DESCRIPTION = "Operations console for PostgreSQL and TimescaleDB. Without a command it opens on the terminal."
"""The first sentence of --help."""

COMMANDS = {
    "demo": "demo.demo",
    "migrate": "migrate.actions",
    "health": "monitors.health",
    "verify": "monitors.verify",
    "sessions": "monitors.sessions",
    "session": "monitors.session",
    "locks": "monitors.locks",
    "statements": "monitors.statements",
    "database": "monitors.database",
    "tables": "monitors.database",
    "indexes": "monitors.database",
    "replication": "monitors.database",
    "progress": "monitors.database",
    "jobs": "storage.jobs",
    "job": "storage.job",
    "roles": "roles",
    "patients": "patients.actions",
    "audit": "audit.actions",
    "hypertables": "storage.hypertables",
    "chunks": "storage.chunks",
    "aggregates": "storage.aggregates",
    "retention": "storage.retention",
    "backfill": "patients.backfill",
    "maintain": "storage.maintain",
    "generate": "demo.generate",
    "record": "recording.record",
    "replay": "recording.replay",
    "profiles": "monitors.profiles",
    "completion": "completion",
}
"""The commands in the order of --help, and the module of each; a run reads those that its words name, else all."""

SHARED = {
    "--profile": " NAME",
    "--dsn": " DSN",
    "--pane": " NAME",
    "--no-mouse": "",
    "--quiet": "",
    "--verbose": "",
    "--trace-sql": "",
}
"""The options that stand before the command, and what follows each."""

PLAIN = re.compile(r"-{0,2}[a-z][a-z-]{0,20}")
CHOICE = re.compile(r"invalid choice: '(?P<word>[^']*)' \(choose from (?P<known>.*)\)")
QUOTED = re.compile(r"'([^']*)'")


class Parser(argparse.ArgumentParser):
    """argparse whose complaints are our errors, so that --json gets them too."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Complain of unknown words here, where the command is known that they follow."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage and leaving."""
        said = guessed(without_values(message))
        raise UsageError(
            f"{said[:1].upper()}{said[1:].rstrip('.')}.",
            state="Nothing was done.",
            hint=f"See {self.prog} --help.",
        )


class Partial(Parser):
    """The command line with those commands alone that were named; its help has all of them."""

    def format_help(self) -> str:
        """That of the whole command line."""
        return build_parser().format_help()


def without_values(message: str) -> str:
    """argparse's complaint without what was typed, unless it is a plain word: it may be a password.

    >>> without_values("unrecognized arguments: --dsn=postgresql://u:SECRET@h/d password=SECRET")
    'unrecognized arguments: --dsn'
    >>> without_values("invalid choice: 'sesions' (choose from 'sessions')")
    "invalid choice: 'sesions' (choose from 'sessions')"
    """
    head, colon, words = message.partition("unrecognized arguments: ")
    if colon:
        named = [word.partition("=")[0] for word in words.split() if PLAIN.fullmatch(word.partition("=")[0])]
        told = " ".join(word for word in named if word.startswith("-") or f"{word}=" not in words)
        return head + colon + told if told else "there are too many words: what has blanks in it stands in quotes"
    return QUOTED.sub(lambda found: found[0] if PLAIN.fullmatch(found[1]) else "that", message)


def guessed(message: str) -> str:
    """argparse's complaint of a word that is no choice, with the choice that was perhaps meant before all others.

    >>> guessed("invalid choice: 'helth' (choose from 'demo', 'health')")
    "invalid choice: 'helth'; did you mean health? (choose from 'demo', 'health')"
    """
    found = CHOICE.search(message)
    if found is None:
        return message
    from difflib import get_close_matches  # seldom needed

    near = get_close_matches(found["word"], [each.strip(" '") for each in found["known"].split(",")], n=1)
    return message.replace(" (choose from", f"; did you mean {near[0]}? (choose from") if near else message


def misplaced(argv: Sequence[str]) -> str:
    """What to do about shared options behind the command, without the values that were typed; empty if none is there.

    >>> misplaced(["--quiet", "migrate", "--dsn", "host=db1", "status", "--json"])
    '--dsn stands before the command: emr-console --quiet --dsn DSN migrate status.'
    """
    command: list[str] = []
    before: list[str] = []
    behind: list[str] = []
    rest = iter(argv)
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in SHARED:
            (behind if command else before).append(name)
            if SHARED[name] and not equals:
                next(rest, None)
        elif PLAIN.fullmatch(word) and not word.startswith("-") and len(command) < 2:
            command.append(word)
    if not behind:
        return ""
    order = [name + SHARED[name] for name in dict.fromkeys(before + behind)] + command
    stand = "stands" if len(behind) == 1 else "stand"
    return f"{' and '.join(behind)} {stand} before the command: emr-console {' '.join(order)}."


def build_parser(names: Collection[str] = COMMANDS) -> Parser:
    """The command line, with these commands; their modules import nothing heavy until they run."""
    kind = Parser if names is COMMANDS else Partial
    parser = kind(prog="emr-console", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"emr-console {__version__}")
    source = parser.add_argument_group("which database")
    source.add_argument("--profile", metavar="NAME", help="a profile of config.toml")
    source.add_argument("--dsn", metavar="DSN", help="a libpq connection string or URI")
    look = parser.add_argument_group("how")
    look.add_argument("--pane", metavar="NAME", help="the pane to open on")
    look.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    look.add_argument("--quiet", action="store_true", help="no narration on stderr")
    look.add_argument("--verbose", action="store_true", help="more narration on stderr")
    look.add_argument("--trace-sql", action="store_true", help="every statement on stderr, without its values")
    parser.set_defaults(handler=_open_console, json=False)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=Parser)
    for module in dict.fromkeys(COMMANDS[name] for name in COMMANDS if name in names):
        import_module(f"console.cli.{module}").register(commands)
    return parser


async def _open_console(args: argparse.Namespace) -> int:
    from console.cli.opening import open_console

    return await open_console(args)


def run(argv: Sequence[str]) -> int:
    """Run one command line; returns the exit code. No traceback ever reaches a person."""
    to_json = "--json" in argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name outside the terminal's encoding is no reason to stop
    try:
        return _run(_parsed(argv))
    except ConsoleError as error:
        if isinstance(error, UsageError):
            error.state = error.state or "Nothing was done."
        output.failure(error, to_json=to_json)
        return error.exit
    except KeyboardInterrupt:
        # Commands that had begun to change something say themselves where that stands.
        left = Interrupted("Interrupted.", state="Nothing was changed.", hint="Run it again when it suits.")
        output.failure(left, to_json=to_json)
        return Exit.INTERRUPTED
    except Exception as error:
        output.failure(Defect.of(error), to_json=to_json)
        return Exit.FAILED


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    for word in argv:
        if not word.isascii() and not os.path.lexists(word):
            try:
                word.encode()
            except UnicodeEncodeError:
                raise UsageError("An argument is not UTF-8.", hint="Type it again on a UTF-8 terminal.") from None
    with suppress(UsageError):  # what is wrong is said by the whole command line, below
        return build_parser(argv).parse_args(argv)
    try:
        return build_parser().parse_args(argv)
    except UsageError as error:
        error.hint = misplaced(argv) or error.hint
        raise


def _run(args: argparse.Namespace) -> int:
    import asyncio  # a third of the time that --version takes

    try:
        return asyncio.run(_handled(args))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _handled(args: argparse.Namespace) -> int:
    if args.trace_sql:
        output.trace_sql()
    from console.cli import signals

    with signals.cancelling() as args.ending:
        code: int = await args.handler(args)
    return code
