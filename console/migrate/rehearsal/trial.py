"""One step tried on a stage: there, back and there again, its schema compared each time."""

from asyncio import get_running_loop
from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.migrate.files import Script
from console.migrate.fingerprint.catalogue import fingerprint
from console.migrate.fingerprint.difference import Difference, Fingerprint, difference
from console.migrate.rehearsal.play import PlayFailed, play
from console.migrate.rehearsal.rehearsed import Rehearsed
from console.migrate.rehearsal.scratch import Stage
from console.migrate.step import Down, Step, Up

Trial = tuple[Rehearsed, Fingerprint]
"""What was found out, and what the stage should hold afterwards."""


async def try_all(
    stage: Stage, steps: Sequence[Step], ups: Mapping[str, Script], before: Mapping[str, Fingerprint]
) -> list[Rehearsed]:
    """Try steps one after the other, as long as the stage is what the next one needs.

    `ups` and `before` are, by version, what made the migrations that are rolled back, and the schemas before them.
    """
    found: list[Rehearsed] = []
    now = await fingerprint(stage.session)
    for step in steps:
        if isinstance(step, Up):
            row, expected = await _up(stage, step, now)
        else:
            row, expected = await _down(stage, step, ups[step.version], before[step.version], now)
        found.append(row)
        now = expected if row.exact else await fingerprint(stage.session)
        if row.error or (row.back_error and now != expected):
            break
    return found


async def _up(stage: Stage, step: Up, low: Fingerprint) -> Trial:
    row, high = await _there(stage, step, low)
    down = step.migration.down
    if row.error or down is None:
        return row, high
    try:
        await play(stage, down)
        row = replace(row, stays=difference(low, await fingerprint(stage.session)))
        await play(stage, step.script)
        row = replace(row, again=difference(high, await fingerprint(stage.session)))
    except PlayFailed as error:
        row = replace(row, back_error=error.message)
    return row, high


async def _down(stage: Stage, step: Down, up: Script, low: Fingerprint, high: Fingerprint) -> Trial:
    row, after = await _there(stage, step, high)
    if row.error:
        return row, after
    row = replace(row, stays=difference(low, after))
    try:
        await play(stage, up)
        row = replace(row, again=difference(high, await fingerprint(stage.session)))
        await play(stage, step.script)
    except PlayFailed as error:
        row = replace(row, back_error=error.message)
    return row, after


async def _there(stage: Stage, step: Step, before: Fingerprint) -> Trial:
    """The step itself, with its effect."""
    row = Rehearsed(step.version, step.label, "up" if isinstance(step, Up) else "down", Difference(), 0.0, ())
    began = get_running_loop().time()
    try:
        traced = await play(stage, step.script, watch=True)
    except PlayFailed as error:
        return replace(row, error=error.message), before
    seconds = get_running_loop().time() - began
    after = await fingerprint(stage.session)
    return replace(row, effect=difference(before, after), seconds=seconds, statements=traced), after
