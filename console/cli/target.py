"""Which database a command goes to; the one place where the command line meets the configuration."""

import argparse
from typing import TYPE_CHECKING

from console.cli import output

if TYPE_CHECKING:
    from console.config.choose import Surroundings
    from console.db.session import Session
    from console.db.target import Target


def chosen(args: argparse.Namespace, around: "Surroundings | None" = None) -> "Target":
    """The database that --dsn, --profile, the environment or the configuration names.

    `around` is what `here()` found, where the command needs more of it; it is read once. A .env file of the current
    folder is said aloud: somebody else may have put it there.
    """
    from console.config.choose import choose, here

    target = choose(around or here(), dsn=args.dsn, profile=args.profile, warn=lambda line: output.say(args, line))
    if target.source.endswith(".env"):
        output.say(args, f"Using {target.describe()}, named by {target.source}.")
    return target


def target_and_role(args: argparse.Namespace) -> "tuple[Target, str | None]":
    """Which database, and the role that its profile wants migrations to run under."""
    from console.config.choose import here

    around = here()
    target = chosen(args, around)
    return target, around.config.settings.migrate_role(target.profile)


def given_source(args: argparse.Namespace) -> str:
    """Which of --dsn and --profile was given, for a command that takes neither.

    >>> given_source(argparse.Namespace(dsn="host=db1", profile=None))
    '--dsn'
    """
    return " and ".join(f"--{name}" for name in ("dsn", "profile") if getattr(args, name))


async def reading(target: "Target", *, their_names: bool = False, role: str | None = None) -> "Session":
    """A session that only reads, with the patience of a person.

    With `their_names` tables are found by the role's own search path, as a verify file's have to be; `role` is the one
    that migrations run under.
    """
    from console.db.database import LANES
    from console.db.session import Session

    settings = dict(LANES["query"])
    if not their_names:
        return await Session.open(target, "query", settings=settings, read_only=True)
    from console.migrate.trust import opened

    del settings["search_path"]
    return await opened(target, "query", settings=settings, read_only=True, role=role)
