"""Findings as a file of Prometheus' text format, for the textfile collector of node_exporter."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from console.errors import UsageError
from console.services.audit.export.file import check_regular
from console.services.health.models import Finding, Level

LEVELS = {Level.OK: 0, Level.UNKNOWN: 1, Level.WARN: 2, Level.CRIT: 3}
"""What a level is as a number; alert on 2 and 3."""

READABLE = 0o644
"""Whoever runs the collector reads it; no value in it is a patient's."""

UNWRITTEN = "Nothing was written."

Sample = tuple[dict[str, str], float]
"""Labels and a value."""


def exposition(findings: Sequence[Finding], as_of: datetime, labels: dict[str, str]) -> str:
    """The whole file; `labels` stand at every sample, and say which database it is.

    >>> from datetime import UTC
    >>> print(exposition([], datetime(2026, 3, 14, tzinfo=UTC), {"database": 'e"mr'}).splitlines()[-4])
    emr_console_health_up{database="e\\"mr"} 1
    """
    findings = sorted(findings, key=lambda finding: finding.id)  # the same file for the same findings
    levels = [(_named(finding, labels), float(LEVELS[finding.level])) for finding in findings]
    judged = [(_named(finding, labels), finding.verdict) for finding in findings]
    values = [(named, verdict.value) for named, verdict in judged if verdict.value is not None]
    thresholds = [(named, verdict.threshold) for named, verdict in judged if verdict.threshold is not None]
    lines = [
        *_metric("level", "How bad a check is: 0 ok, 1 unknown, 2 warning, 3 critical.", levels),
        *_metric("value", "What the check has measured, in its own unit.", values),
        *_metric("threshold", "The value from which on its level holds, or the next one would.", thresholds),
        *_metric("up", "Whether the database could be asked.", [(labels, 1.0)]),
        *_metric("checked_timestamp_seconds", "When it was asked.", [(labels, as_of.timestamp())]),
    ]
    return "\n".join(lines) + "\n"


def down(labels: dict[str, str]) -> str:
    """The whole file where the database does not answer."""
    return "\n".join(_metric("up", "Whether the database could be asked.", [(labels, 0.0)])) + "\n"


def write(path: Path, text: str) -> None:
    """Put the file in place whole: who reads meanwhile sees the old one or the new one. May raise OSError.

    What is there and is no file, such as a pipe or a device, stays: UsageError.
    """
    path = _behind(path)
    check_regular(path, UNWRITTEN)
    # The collector takes every name that ends in .prom, so the unfinished file has another ending.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), READABLE)
            file.write(text)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink()
        raise


def _behind(link: Path) -> Path:
    """The file that is meant; whose folder it is must not choose by a link what we replace elsewhere."""
    if link.is_symlink() and link.lstat().st_uid not in (0, os.geteuid()):
        raise UsageError(
            f"{link} is a link that somebody else has made.", state=UNWRITTEN, hint="Name the file itself."
        )
    return Path(os.path.realpath(link))


def _named(finding: Finding, labels: dict[str, str]) -> dict[str, str]:
    return {"check": finding.id, "title": finding.title, **labels}


def _metric(name: str, what: str, samples: Iterable[Sample]) -> Iterator[str]:
    full = f"emr_console_health_{name}"
    yield f"# HELP {full} {what}"
    yield f"# TYPE {full} gauge"
    for labels, value in samples:
        named = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{full}{{{named}}} {value:.10g}"


def _escaped(text: str) -> str:
    r"""A label's value as the format wants it.

    >>> print(_escaped('a"b\\c'))
    a\"b\\c
    """
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
