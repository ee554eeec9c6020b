"""The lines of the overview: findings one by one, and in one line what is well or cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from console.services.health.models import Finding, Level, Snooze

HEADLINES = ("D01", "D19", "D12")
"""Checks whose figures are shown also while they are well."""

MONITORED = ("GRANT pg_monitor ", "GRANT pg_read_all_stats ", "GRANT pg_read_all_settings ")
"""How the remedies begin that a member of pg_monitor needs no more."""

FEW = 2
"""Findings that cannot be told and are named one by one; more of them usually miss the same right."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    key: str
    """Its identity from one refresh to the next."""
    level: Level
    """How bad it is."""
    title: str
    """What it is about."""
    text: str
    """What was found."""
    finding: Finding | None = None
    """The finding; None where the line stands for several."""

    @property
    def snoozed(self) -> bool:
        """Whether somebody has snoozed it."""
        return self.finding is not None and self.finding.snooze is not None

    @property
    def pane(self) -> str:
        """Where to look further; empty where that is several."""
        return self.finding.pane if self.finding is not None else ""

    def as_json(self) -> dict[str, object]:
        """The finding as --json spells it; of a line for several what it says."""
        return self.finding.as_json() if self.finding else {"level": self.level, "evidence": self.text}


def lines(findings: Sequence[Finding], *, expanded: bool = False) -> list[Line]:
    """What is shown: all that is bad one by one, what is well or unknown in a line each; or all, if `expanded`."""
    if expanded:
        return [*each(findings), Line("fold", Level.OK, "", "enter: show only what needs somebody")]
    active = [finding for finding in findings if finding.snooze is None]
    bad = [finding for finding in active if finding.level in (Level.CRIT, Level.WARN)]
    unknown = [finding for finding in active if finding.level is Level.UNKNOWN]
    well = [finding for finding in active if finding.level is Level.OK]
    snooze = [finding for finding in findings if finding.snooze is not None and finding.level is not Level.OK]
    told = _headlines(well)
    return [
        *map(_line, bad),
        *chain.from_iterable(map(_folded, _by_right(unknown))),
        *map(_line, snooze),
        *([Line("headlines", Level.OK, "", " · ".join(finding.verdict.evidence for finding in told))] if told else []),
        *([Line("well", Level.OK, "", _rest(len(well) - len(told), more=bool(told)))] if len(well) > len(told) else []),
    ]


def each(findings: Sequence[Finding]) -> list[Line]:
    """All of them one by one."""
    return list(map(_line, findings))


def _line(finding: Finding) -> Line:
    snooze = finding.snooze
    text = finding.verdict.evidence
    if snooze is not None:  # until when and what; where there is no room for the rest, it is on its page
        text = f"until {snooze.until:%m-%d %H:%M} UTC: {text} · {by(snooze)}, {snooze.reason}"
    return Line(finding.id, finding.level, finding.title, text, finding)


def by(snooze: Snooze) -> str:
    """Who snoozed it, and for whom."""
    return f"by {snooze.operator}{', on this machine only' if snooze.local else ''}"


def _headlines(well: Sequence[Finding]) -> list[Finding]:
    """Those of the well ones that are shown anyway if they have a figure, in the order of HEADLINES."""
    figures = {finding.id: finding for finding in well if finding.verdict.value is not None}
    return [figures[name] for name in HEADLINES if name in figures]


def _rest(number: int, *, more: bool) -> str:
    checks = "check" if number == 1 else "checks"
    return f"{number}{' more' if more else ''} {checks} · enter: show them"


def _by_right(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Those that cannot be told, apart by what tells them: what pg_monitor holds, and the others."""
    monitored = [finding for finding in findings if finding.verdict.remedy.startswith(MONITORED)]
    return [monitored, [finding for finding in findings if finding not in monitored]]


def _folded(findings: Sequence[Finding]) -> list[Line]:
    """A few one by one, more of them in one line."""
    return list(map(_line, findings)) if len(findings) <= FEW else [_unknown(findings)]


def _unknown(findings: Sequence[Finding]) -> Line:
    """Several that cannot be told, with the right that would tell most of them."""
    remedies = [finding.verdict.remedy for finding in findings if finding.verdict.remedy.startswith("GRANT ")]
    missing = max(remedies, key=lambda grant: ("GRANT pg_monitor" in grant, remedies.count(grant)), default="")
    why = f" need a right: {missing}" if missing else " · enter: show them"
    return Line(f"unknown {missing}".rstrip(), Level.UNKNOWN, "", f"{len(findings)} checks{why}")
