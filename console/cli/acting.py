"""A session that may write what belongs to the ledger, for a command's work."""

import argparse
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from console.cli.target import target_and_role

if TYPE_CHECKING:
    from console.db.session import Session


@asynccontextmanager
async def acting(args: argparse.Namespace, settings: Mapping[str, str]) -> "AsyncIterator[Session]":
    """A session that may write, with these settings, as the role that owns the ledger where the profile names it."""
    from console.db.database import LANES
    from console.db.roles import become
    from console.db.session import Session

    target, role = target_and_role(args)
    async with await Session.open(target, "act", settings={**LANES["act"], **settings}) as session:
        await become(session, role)
        yield session
