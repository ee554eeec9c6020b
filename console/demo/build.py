"""The demo from nothing, or from what the last one left: server, schema, data, and who may sign in."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.demo import binaries, home, room, theirs
from console.demo.account import unprivileged
from console.demo.generate import service as generator
from console.demo.generate import volumes
from console.demo.scram import verifier
from console.demo.server import Cluster
from console.errors import ConsoleError, Refused
from console.migrate import up as engine
from console.migrate.files import default_folder, read_folder
from console.migrate.terms import Terms
from console.services.roles import service as roles
from console.services.roles.wanted import APP, REPORTING

DATABASE = "emr"
"""The demo's only database."""

DEFAULT_SCALE = 0.05
LANE = "demo"

SETTINGS = {"max_wal_size": "2GB", "track_io_timing": "on"}
"""Beyond those of every embedded server: room for the load, and times for the panes to show."""

AHEAD = Query(__package__, "ahead")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for."""

    scale: float | None = None
    """How much data; None takes what is there, else DEFAULT_SCALE."""
    fresh: bool = False
    """Whether to build anew whatever is there."""


class ProgressBar(Protocol):
    """Shows how far the load is."""

    def __call__(self, step: str, sent: int, /) -> None:
        """Some rows of this table were sent, or another step begins."""

    def close(self) -> None:
        """The load is over."""


@dataclass(frozen=True, slots=True)
class Narration:
    """Who hears how it goes."""

    say: Callable[[str], None]
    """Takes a sentence."""
    counting: Callable[[int], ProgressBar]
    """Takes the number of rows to come; answers what shows them."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs."""

    cluster: Cluster
    """Its server."""
    counts: dict[str, int]
    """Rows by table, as they were built."""

    @property
    def target(self) -> Target:
        """Its database, as superuser."""
        return self.cluster.target(DATABASE)


@asynccontextmanager
async def running(wish: Wish, narration: Narration) -> AsyncIterator[Demo]:
    """A demo that is complete when this is entered and stopped when it is left."""
    account = unprivileged()
    place = home.location(account)
    with ExitStack() as stack:
        stack.enter_context(home.private())
        home.prepare(place, account)
        stack.enter_context(home.occupied(place))
        cluster = Cluster(binaries.within_reach(account, place), place, settings=SETTINGS)
        home.check_data(cluster.data)
        if await cluster.stop_stray():
            narration.say("Stopped the server that an earlier demo had left behind.")
        counts = await _reusable(cluster, wish, narration)
        try:
            if counts is None:
                counts = await _built(cluster, wish.scale or DEFAULT_SCALE, narration)
            else:
                await _started_again(cluster)
            home.announce(place, cluster.dsn(DATABASE))
            yield Demo(cluster, counts)
        finally:
            await cluster.stop()


async def _reusable(cluster: Cluster, wish: Wish, narration: Narration) -> dict[str, int] | None:
    """The rows of a demo that can be used again; None when it has to be built."""
    found = home.built(cluster.home)
    if wish.fresh or not cluster.data.exists():
        return None
    if found is None:
        narration.say("An earlier build was interrupted; building it again.")
        return None
    if not cluster.mend():
        narration.say("The demo's password is gone; building it again.")
        return None
    if (theirs.text(cluster.data / "PG_VERSION") or "").strip() != str(await cluster.major()):
        narration.say("The demo was built with another PostgreSQL; building it again.")
        return None
    if found.migrations != _migrations():
        narration.say("The demo was built with other migrations; building it again.")
        return None
    if wish.scale not in (None, found.scale):
        raise Refused(
            f"The demo that is here was built at scale {found.scale:g}, not {wish.scale:g}.",
            state="It was left as it is.",
            hint="Add --fresh to build it anew.",
        )
    return found.counts


async def _started_again(cluster: Cluster) -> None:
    try:
        await cluster.start()
        await _freshen(cluster)
    except ConsoleError as error:
        error.hint = f"{error.hint} Where that is of no use, --fresh builds the demo anew.".lstrip()
        raise


async def _built(cluster: Cluster, scale: float, narration: Narration) -> dict[str, int]:
    """Make it anew and start it. Whatever breaks for want of room, a statement or the server, is told as that."""
    _clear(cluster, scale)
    try:
        await cluster.create()
        await cluster.start()
        return await _build(cluster, scale, narration)
    except BaseException as error:
        # What is incomplete is built anew: nothing of it need reach the disk, which may be full.
        await cluster.stop(keeping=False)
        said = f"{error} {error.state} {cluster.log_tail(100)}" if isinstance(error, ConsoleError) else str(error)
        if not isinstance(error, (ConsoleError, OSError)) or not room.is_spent(cluster.home, said):
            raise
        state = "No server is running, and what was built so far goes when it is started again."
        raise room.missing(cluster.home, scale, state) from error


def _clear(cluster: Cluster, scale: float) -> None:
    """Put what is there aside, the note that it is complete first.

    It is removed when the new one is complete: making thousands of files right after removing thousands is slow. What
    is not complete goes at once, since it may be the disk that was too small for it.
    """
    home.remove(_spent(cluster))
    if home.built(cluster.home) is None:
        home.remove(cluster.data)
    room.check(cluster.home, scale)
    home.forget(cluster.home)
    if cluster.data.exists():
        cluster.data.rename(_spent(cluster))


def _spent(cluster: Cluster) -> Path:
    return cluster.home / "data.old"


async def _build(cluster: Cluster, scale: float, narration: Narration) -> dict[str, int]:
    narration.say(f"Building the demo at scale {scale:g} in {cluster.home}.")
    await _create_database(cluster)
    await _migrate(cluster)
    await _let_services_in(cluster)
    counts = await _generate(cluster, scale, narration)
    await _checkpoint(cluster)
    home.remember(cluster.home, home.Built(scale, counts, _migrations()))
    home.remove(_spent(cluster))
    return counts


async def _create_database(cluster: Cluster) -> None:
    async with await Session.open(cluster.target(), LANE) as session:
        await session.execute(f"create database {quote(DATABASE)}")
        await session.execute(f"alter database {quote(DATABASE)} set emr.environment = 'development'")
    async with await Session.open(cluster.target(DATABASE), LANE) as session:
        await session.execute("create extension pg_stat_statements")


async def _migrate(cluster: Cluster) -> None:
    folder = read_folder(default_folder())
    result = await engine.up(cluster.target(DATABASE), folder, lambda _: None, Terms())
    if result.error is not None:
        raise result.error


async def _let_services_in(cluster: Cluster) -> None:
    """Make the application's roles, and let traffic sign in as them with the password that the passfile holds."""
    # A password, even hashed, has no business in pg_stat_statements.
    settings = {"pg_stat_statements.track_utility": "off"}
    async with await Session.open(cluster.target(DATABASE), LANE, settings=settings) as session:
        await roles.apply(session, await roles.plan(session))
        for role in (APP, REPORTING):
            await session.execute(f"alter role {quote(role)} login password '{verifier(cluster.password())}'")


async def _generate(cluster: Cluster, scale: float, narration: Narration) -> dict[str, int]:
    target = cluster.target(DATABASE)
    with closing(narration.counting(volumes.at(scale).total)) as progress:
        async with await Session.open(target, LANE, settings=generator.SETTINGS) as session:
            report = await generator.generate(session, target, generator.Options(scale=scale), progress)
    return report.counts


async def _checkpoint(cluster: Cluster) -> None:
    """Bring everything to disk now, where it can take its time, and not while somebody waits for the demo to end."""
    async with await Session.open(cluster.target(DATABASE), LANE, settings={"statement_timeout": "0"}) as session:
        await session.execute("checkpoint")


def _migrations() -> str:
    """One hash of all migration files."""
    digest = hashlib.sha256()
    for file in sorted(default_folder().glob("*.sql")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


async def _freshen(cluster: Cluster) -> None:
    """Partitions for the weeks to come, unless somebody has rolled them back: what was tried out here stays."""
    async with await Session.open(cluster.target(DATABASE), LANE) as session:
        if (await session.fetch_one(generator.SCHEMA, generator.Schema)).partitioned:
            await session.run(AHEAD)
