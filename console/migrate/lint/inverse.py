"""Rules about the way back: it takes away what its up made, all of it and nothing else."""

import re
from collections.abc import Iterator

from console.migrate.kinds.models import Object
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.world import World, bare

_NAMED_BY_SERVER = frozenset({"constraint", "index", "sequence"})
_OUTSIDE = frozenset({"job", "role", "extension", "database", "tablespace", "subscription"})


def em05(file: File) -> Iterator[Remark]:
    """IF EXISTS in a down hides that it is no inverse: what is not there was never made, or went away before."""
    for line, action, _ in file.actions:
        if not file.forwards and action.guard == "IF EXISTS":
            yield line, f"{action.kind} IF EXISTS hides a down that is not the inverse of its up."


def em06(file: File) -> Iterator[Remark]:
    """A down that takes away more than its up made breaks the migrations before it.

    Silent about what a DO block or an unknown function of the file names, because that may put it back.
    """
    if file.forwards:
        return
    if file.home is not None:
        for thing in file.outermost(file.home.objects.keys() - file.end.objects.keys()):
            yield file.line_without(thing), f"This takes away {thing.label()}, which an earlier migration made."
    for line, action, world in file.actions:
        for thing in action.drops:
            if thing.kind not in _NAMED_BY_SERVER | _OUTSIDE and not _may_exist(thing, world):
                yield line, f"This drops {thing.label()}, which no migration up to this one makes."


def _may_exist(thing: Object, world: World) -> bool:
    """Whether something exists, as far as is told, or is named where not everything is told."""
    return world.has(thing.kind, thing.name) or bool({bare(thing.name), bare(thing.of or thing.name)} & world.untold)


def em07(file: File) -> Iterator[Remark]:
    """What an up makes and its down leaves is in the way when the up runs again.

    Silent about what `partial_inverse` names, and about what a DO block or an unknown function of the down names.
    """
    back = file.way_back
    if back is None:
        return
    stays = set(re.findall(r"[\w-]+", back.script.header.partial_inverse or ""))
    made = file.end.objects.keys() - file.start.objects.keys()
    for thing in back.outermost(made & back.end.objects.keys()):
        if thing.kind != "enum value" and thing.name.strip('"') not in stays:
            yield file.line_with(thing), f"This makes {thing.label()}, which the down leaves behind."


def em08(file: File) -> Iterator[Remark]:
    """CASCADE takes what somebody else hung on the object, unseen; `cascades_to` lists what may go."""
    if file.script.header.cascades_to:
        return
    for line, action, _ in file.actions:
        if action.cascade and action.drops:
            yield line, f"{action.kind} CASCADE, and the header does not list under cascades_to what may go with it."
