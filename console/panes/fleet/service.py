"""Asks every configured server at once how it is, each on a connection that is closed again."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from console.config.file import ConfigFile, default_path, load
from console.db import tls
from console.db.database import LANES, Database
from console.db.pipeline import Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.db.server import Server
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError, Refused, SignInRefused, UsageError
from console.panes.fleet.models import Found, Lag, Member, Profile, Snapshot

LAG = Request(Query(__package__, "lag"), Lag)

PATIENCE = 10.0
"""Seconds for one server, all in all; connecting alone may take five of them for each of its addresses."""

_ADDRESS = re.compile(r"^(?:\S+@\S+ |Cannot connect to \S+: (?:\w+:\s+)?)| \((?:on socket|at) \".*\)(?=\.$)")

Asker = Session | Database
"""A connection of its own, or this console's where it is the same server."""


class Fleet:
    """Remembers who said no, so that no account is locked by asking again and again."""

    def __init__(self, here: Database | None = None) -> None:
        self._here = here
        self._refused: dict[str, tuple[Target, str]] = {}

    def forget_refusals(self) -> None:
        """A person asks again: a password may have been put right meanwhile."""
        self._refused.clear()

    async def look(self) -> Snapshot:
        """How every configured server is now; the configuration is read anew, and none asks for a password."""
        config = load(default_path())
        names = list(config.settings.profiles)
        members = await asyncio.gather(*(self._member(config, name, dict(os.environ)) for name in names))
        return Snapshot(datetime.now(UTC), members, str(config.path))

    async def _member(self, config: ConfigFile, name: str, environ: Mapping[str, str]) -> Member:
        profile = Profile(name, config.settings.profiles[name].environment, here=self._is_here(name))
        try:
            target = config.target(name, environ)
            profile = replace(profile, host=target.host or "local", database=target.dbname, user=target.user)
            target = tls.secured(target, environ)
        except ConsoleError as error:
            return Member(profile, error=short(error))
        before = self._refused.get(name)
        if before is not None and before[0] == target:
            return Member(profile, error=before[1], asked=False)
        return await self._asked(profile, target)

    def _is_here(self, name: str) -> bool:
        return self._here is not None and self._here.target.profile == name

    async def _asked(self, profile: Profile, target: Target) -> Member:
        try:
            async with asyncio.timeout(PATIENCE):
                server, found = await self._ask(profile, target)
        except TimeoutError:
            return Member(profile, error=f"It did not answer within {PATIENCE:.0f} s.")
        except ConsoleError as error:
            if isinstance(error, SignInRefused | Refused | UsageError):
                self._refused[profile.name] = target, short(error)
            return Member(profile, error=short(error))
        return Member(replace(profile, environment=target.label(server.environment)), found)

    async def _ask(self, profile: Profile, target: Target) -> tuple[Server, Found]:
        if profile.here and self._here is not None:  # it may be a server that has one session for everybody
            return await _told(self._here)
        async with await Session.open(target, "fleet", settings=LANES["poll"], read_only=True) as session:
            return await _told(session)


def short(error: ConsoleError) -> str:
    """Why a server could not be asked, without its address, which stands beside it.

    >>> short(ConsoleError('Cannot connect to dba@db1/emr: FATAL:  not now (at "db1" (10.0.0.1), port 5432).'))
    'not now.'
    >>> short(ConsoleError('Cannot connect to dba@[local]/emr: No such file (on socket "/run/.s.PGSQL.1").'))
    'No such file.'
    """
    return _ADDRESS.sub("", error.message)


async def _told(asker: Asker) -> tuple[Server, Found]:
    server = await asker.server()
    requests = (LAG,) if isinstance(asker, Database) else (LAG, PULSE)  # a Database's pipeline always has the pulse
    answers = await asker.pipeline(*requests)
    pulse, lag = answers.optional(PULSE), answers.optional(LAG)
    applied, migrations = await _migrations(asker)
    return server, Found(
        role="standby" if server.in_recovery else "primary",
        version=server.version,
        flavour=server.flavour,
        connections=pulse.connections if pulse else None,
        connection_limit=pulse.connection_limit if pulse else None,
        blocked=pulse.blocked if pulse else None,
        longest_transaction=pulse.longest_transaction if pulse else None,
        lag=lag.lag if lag else None,
        applied=applied,
        migrations=migrations,
    )


async def _migrations(asker: Asker) -> tuple[int | None, int | None]:
    """How many are applied of how many there are; those that run only when they are named are left out."""
    from console.migrate.files import default_folder, read_folder  # the engine, which only this row needs
    from console.migrate.status import status

    try:
        rows = [row for row in (await status(asker, read_folder(default_folder()))).rows if not row.manual]
    except ConsoleError:
        return None, None
    if any(row.state == "unknown" for row in rows):
        return None, len(rows)
    return sum(row.state in ("applied", "applied_unverified") for row in rows), len(rows)
