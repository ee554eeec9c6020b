"""`migrate backup`: one moment, counted and dumped; its hash, its manifest and its way back beside it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import console
from console.db.target import Target
from console.migrate.backup import child, contents, place, proof, restoring, snapshot, trial
from console.migrate.backup.dumping import FILE
from console.migrate.backup.models import Backup, Hear, Manifest, Progress, Wish
from console.migrate.backup.preflight import Ready, ready
from console.migrate.backup.taking import Taken, take

NOTHING_SPECIAL = Wish()
"""The role that logged in, a program that is found, no trial."""


async def backup(target: Target, parent: Path, hear: Hear, wish: Wish = NOTHING_SPECIAL) -> Backup:
    """A complete backup in a new folder below `parent`, on the disk when this returns.

    Raises what stands in the way before anything was written, and later ConsoleError with exit 50 where dumping fails,
    or what the server answers to counting. What was written is then removed, also on cancel. A trial restore that goes
    wrong is told in the result.
    """
    began = asyncio.get_running_loop().time()
    hear(Progress("checking"))
    async with snapshot.opened(target, wish.role) as session:
        found = await ready(session, parent, wish)
    try:
        with place.made(found.parent, found.server.database, found.database.as_of) as folder:
            taken = await take(target, found, folder, hear, wish.role)
            hear(Progress("proving"))
            manifest = await _prove(found, folder, taken)
    except OSError as error:
        raise child.failed(f"The backup could not be written ({error.strerror}).") from error
    seconds = asyncio.get_running_loop().time() - began
    abandoned = tuple(place.abandoned(found.parent))
    made = Backup(place.final(folder), manifest, round(seconds, 3), taken.counting, abandoned=abandoned)
    if not wish.trial:
        return made
    hear(Progress("restoring"))
    return replace(made, trial=await trial.restore(target, made, found, wish.role))


async def _prove(found: Ready, folder: Path, taken: Taken) -> Manifest:
    """What belongs beside the dump; the manifest comes last."""
    file = folder / FILE
    listing = await proof.listing(found.programs, file)
    manifest = Manifest(
        tool=console.__version__,
        server=found.server.version,
        pg_dump=found.programs.version,
        database=found.server.database,
        extensions=found.database.extensions,
        taken_at=taken.at,
        consistent_by=taken.by,
        file=file.name,
        bytes=file.stat().st_size,
        sha256=await proof.digest(file),
        tables=taken.tables,
    )
    place.write(folder / restoring.LIST, restoring.restorable(listing))
    place.write(folder / restoring.CHECK, contents.check(taken.tables))
    place.write(folder / restoring.GUIDE, restoring.guide(manifest, found.database, found.server))
    place.write(folder / proof.MANIFEST, manifest.model_dump_json(indent=1) + "\n")
    return manifest
