"""Yes or no before something changes: asked on a terminal, taken from the command line elsewhere."""

import argparse
import asyncio
import sys

from console.cli import output
from console.errors import ConsoleError, Refused, UsageError

UNCHANGED = "Nothing was changed."


def asks() -> bool:
    """Whether a person can answer: both ends of the conversation are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def change(args: argparse.Namespace, what: str) -> None:
    """Agree to a change: --yes, or y on a terminal. `what` is a sentence without data from anybody else."""
    if args.yes:
        return
    if not asks():
        raise UsageError(f"{what} Without a terminal this needs --yes.", state=UNCHANGED)
    if await _answer(f"{what} Go on? [y/N] ") not in ("y", "Y", "yes"):
        raise Refused("Not confirmed.", state=UNCHANGED)


async def destruction(args: argparse.Namespace, what: str, *, word: str, database: str, grave: bool) -> str:
    """Agree to a destruction, and say why: the reason.

    On a terminal `word` is typed, or where it is grave the database's name. Elsewhere it takes --reason, and --yes or
    where it is grave --confirm DATABASE.
    """
    if grave and args.confirm is not None and args.confirm != database:
        raise Refused(f"--confirm says {args.confirm}, but this database is {database}.", state=UNCHANGED)
    agreed = args.confirm is not None if grave else args.yes or args.confirm == database
    if not asks() and (not agreed or not args.reason):
        raise _not_agreed(what, grave=grave, agreed=agreed)
    output.say(args, what)
    if not agreed:
        await _typed(database if grave else word)
    reason = args.reason or await _answer("Why, for the record: ")
    if not reason:
        raise Refused("No reason was given.", state=UNCHANGED)
    return str(reason)


def _not_agreed(what: str, *, grave: bool, agreed: bool) -> ConsoleError:
    if not agreed and grave:
        return Refused(f"{what} That needs --confirm DATABASE and --reason TEXT.", state=UNCHANGED)
    return UsageError(f"{what} Without a terminal this needs --yes and --reason TEXT.", state=UNCHANGED)


async def _typed(word: str) -> None:
    if await _answer(f"Type {word} to go on: ") != word:
        raise Refused("Not confirmed.", state=UNCHANGED)


async def _answer(question: str) -> str:
    """One line from the terminal; unlike input() it leaves Ctrl-C to the event loop, which would swallow it there."""
    sys.stderr.write(output.safe(question))
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()
    loop.add_reader(sys.stdin, _take, line)
    try:
        return (await line).strip()
    finally:
        loop.remove_reader(sys.stdin)


def _take(line: "asyncio.Future[str]") -> None:
    if not line.done():
        line.set_result(sys.stdin.readline())
