"""The lint before `up` and `down`: what refuses is found before anything runs, without a database or a parser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.errors import Refused
from console.migrate.files import Migration
from console.migrate.lint.chain import File, files
from console.migrate.lint.lint import by_rule
from console.migrate.lint.models import Finding
from console.migrate.lint.rules import RULES
from console.migrate.lint.world import World
from console.migrate.step import Down, Step

_REFUSING = [rule for rule in RULES if rule.severity == "E"]


def refuse_lint(migrations: Sequence[Migration], steps: Sequence[Step]) -> None:
    """Raise Refused where what is about to run has a finding of severity E and no waiver for it.

    `migrations` are all of the database's flavour, in order: rules look at everything that comes before a file.
    """
    if not steps:
        return
    chain = {file.script.file: file for file in files(migrations)}
    for step in steps:
        file = _stored(step, chain) if isinstance(step, Down) and step.stored else chain[step.script.file]
        found = [finding for rule in _REFUSING for finding in by_rule(rule, file) if finding.refuses]
        if found:
            raise _refusal(found)


def _stored(step: Down, chain: Mapping[str, File]) -> File:
    """A down from the ledger, whose up is not at hand: nothing is certain about what it names."""
    ups = [file for file in chain.values() if file.forwards and _number(file.script.file) <= int(step.version)]
    world = ups[-1].end if ups else World()
    named = frozenset(re.findall(r"[\w$]+", step.script.text.lower()))
    return File(step.script, False, replace(world, untold=world.untold | named), None)


def _number(file: str) -> int:
    return int(file.partition("_")[0])


def _refusal(found: Sequence[Finding]) -> Refused:
    first = min(found, key=lambda finding: finding.line)
    more = f" ({len(found) - 1} more in this file.)" if len(found) > 1 else ""
    return Refused(
        f"{first.file}, line {first.line}: {first.message} {first.rule}{more}",
        state="Nothing was changed.",
        hint=f'Mend the file, or say in its header why the rule does not hold: -- emr: waive = {first.rule} "why". '
        "All findings: emr-console migrate lint.",
    )
