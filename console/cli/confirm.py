"""Yes or no before something changes: asked on a terminal, taken from the command line elsewhere."""

import argparse
import sys
from typing import TYPE_CHECKING

from console.cli import output
from console.errors import Refused, UsageError
from console.reasons import LEAST_REASON, reason_trouble

if TYPE_CHECKING:
    import asyncio

UNCHANGED = "Nothing was changed."
"""The state after every no."""

UNASKED = "Without a terminal that has to be agreed to on the command line."
"""Why nobody could say yes."""


def asks() -> bool:
    """Whether a person can answer: both ends of the conversation are a terminal."""
    return output.is_terminal(sys.stdin) and output.is_terminal(sys.stderr)


def reason(text: str) -> str:
    """A reason as --reason takes it.

    >>> reason(" ticket 4711 ")
    'ticket 4711'
    """
    if trouble := reason_trouble(text):
        raise argparse.ArgumentTypeError(trouble)
    return text.strip()


async def change(args: argparse.Namespace, what: str) -> None:
    """Agree to a change: --yes, or y on a terminal. `what` is a sentence without data from anybody else."""
    if args.yes:
        return
    if not asks():
        raise UsageError(f"{what} {UNASKED}", state=UNCHANGED, hint="Add --yes.")
    if await _answer(f"{what} Go on? [y/N] ") not in ("y", "Y", "yes"):
        raise Refused("Not confirmed.", state=UNCHANGED, hint="Answer y to go on, or add --yes.")


async def recorded(args: argparse.Namespace, what: str) -> str:
    """Agree to a change that is kept with its reason: the reason."""
    if not asks():
        _refuse_unsaid(args, what, agreed=args.yes, grave=False)
    await change(args, what)
    return await _reason(args)


async def destruction(args: argparse.Namespace, what: str, *, word: str, database: str, grave: bool) -> str:
    """Agree to a destruction, and say why: the reason.

    On a terminal `word` is typed, or where it is grave the database's name. Elsewhere it takes --reason, and --yes or
    where it is grave --confirm DATABASE.
    """
    if grave:
        meant(args, database)
    agreed = args.confirm is not None if grave else args.yes or args.confirm == database
    if not asks():
        _refuse_unsaid(args, what, agreed=agreed, grave=grave)
    output.say(args, what)
    if not agreed:
        await _typed(database if grave else word)
    return await _reason(args)


def meant(args: argparse.Namespace, database: str) -> bool:
    """Whether --confirm names this database; Refused where it names another one."""
    if args.confirm not in (None, database):
        raise Refused(
            f"--confirm says {args.confirm}, but this database is {database}.",
            state=UNCHANGED,
            hint="Check --dsn or --profile, then give the name of the database that is meant.",
        )
    return bool(args.confirm == database)


async def _reason(args: argparse.Namespace) -> str:
    given = args.reason or await _answer("Why, for the record: ")
    if trouble := reason_trouble(given):
        raise Refused(trouble, state=UNCHANGED, hint=f"Give one of {LEAST_REASON} characters or more; it is kept.")
    return str(given)


def _refuse_unsaid(args: argparse.Namespace, what: str, *, agreed: bool, grave: bool) -> None:
    """Name exactly the options that are missing where nobody can be asked."""
    missing = [] if agreed else ["--confirm DATABASE" if grave else "--yes"]
    missing += [] if args.reason else ["--reason TEXT"]
    if not missing:
        return
    refusal = Refused if grave and not agreed else UsageError
    too_little = " --yes is not enough here." if grave and not agreed and args.yes else ""
    raise refusal(f"{what} {UNASKED}", state=UNCHANGED, hint=f"Add {' and '.join(missing)}.{too_little}")


async def _typed(word: str) -> None:
    if await _answer(f"Type {word} to go on: ") != word:
        raise Refused("Not confirmed.", state=UNCHANGED, hint=f"Type {word} exactly as it is to go on.")


async def _answer(question: str) -> str:
    """One line from the terminal; unlike input() it leaves Ctrl-C to the event loop, which would swallow it there."""
    import asyncio
    import termios

    if output.is_terminal(sys.stdin):
        termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question is no answer to it
    output.write(sys.stderr, output.safe(question))
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()
    loop.add_reader(sys.stdin, _take, line)
    try:
        return (await line).strip()
    except asyncio.CancelledError:
        output.write(sys.stderr, "\n")  # what comes next is no answer
        raise
    finally:
        loop.remove_reader(sys.stdin)


def _take(line: "asyncio.Future[str]") -> None:
    if not line.done():
        line.set_result(sys.stdin.readline())
