"""Which database a command goes to; the one place where the command line meets the configuration."""

import argparse

from console.cli import output
from console.db.target import Target


def chosen(args: argparse.Namespace) -> Target:
    """The database that --dsn, --profile, the environment or the configuration names.

    A .env file of the current folder is said aloud: somebody else may have put it there.
    """
    from console.config.choose import choose, here

    target = choose(here(), dsn=args.dsn, profile=args.profile)
    if target.source.endswith(".env"):
        output.say(args, f"Using {target.describe()}, named by {target.source}.")
    return target
