"""Every rule over every file of a folder."""

from collections.abc import Iterator
from typing import Literal

from console.migrate.files import Folder, Script
from console.migrate.lint.chain import File, files
from console.migrate.lint.models import Finding
from console.migrate.lint.rules import RULES, Rule


def lint(folder: Folder, flavour: Literal["timescale", "plain"] | None = None) -> list[Finding]:
    """What is wrong with the migrations of one flavour, or of both, and waivers that nothing needs; by file and line.

    Of a file for any database a waiver is only judged where both flavours are looked at.
    """
    flavours: list[Literal["timescale", "plain"]] = [flavour] if flavour else ["timescale", "plain"]
    chain = [file for each in flavours for file in files(folder.of(each))]
    found = {finding for file in chain for rule in RULES for finding in by_rule(rule, file)}
    needed = {(finding.file, finding.rule) for finding in found}
    judged = [each for each in folder.migrations if flavour in (None, each.flavour)]
    for script in (script for each in judged for script in (each.up, each.down) if script):
        found |= {finding for finding in _waivers(script) if (finding.file, finding.rule) not in needed}
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.rule, finding.message))


def by_rule(rule: Rule, file: File) -> Iterator[Finding]:
    """What one rule finds in one file."""
    if rule.check is None:
        return
    reason = dict(file.script.header.waive).get(rule.id)
    for line, message in rule.check(file):
        yield Finding(rule.id, rule.severity, file.script.file, line, message, reason)


def _waivers(script: Script) -> Iterator[Finding]:
    """Every waiver of a file, as something that is wrong with it."""
    for rule_id, _ in script.header.waive:
        message = f"The waiver of {rule_id} is not needed: the rule finds nothing in this file."
        yield Finding(rule_id, "W", script.file, 1, message)
