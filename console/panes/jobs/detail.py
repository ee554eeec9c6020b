"""One job in detail: what it is, how it stands, what it is told, its last runs, SQL to copy."""

import json
from collections.abc import Sequence
from datetime import datetime

from console.iso import to_second
from console.panes.jobs.columns import Listed, error_text, state_text, until_text
from console.services.jobs.models import Job, Past
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.units import age, count, duration


def page(listed: Listed, runs: Sequence[Past], kept: str, sql: str) -> DetailScreen:
    """The page of a job; `kept` says which runs are written down, `sql` changes the job by hand."""
    job = listed.job
    blocks = [Block("last runs", history(runs, kept))]
    if job.config is not None:
        blocks.append(Block("what it is told", json.dumps(job.config, indent=2), "json"))
    if sql:
        blocks.append(Block("by hand", sql, "sql"))
    return DetailScreen(f"job {job.id}: {job.name}" if job.id is not None else job.name, facts(listed), blocks)


def facts(listed: Listed) -> list[Fact]:
    """All that is known of a job, in words."""
    job, note = listed.job, listed.note
    known = {
        "state": f"{state_text(job).strip()}{f': {note}' if note else ''}",
        "last error": error_text(job),
        "hidden": _hidden(job),
        "kind": job.kind,
        "calls": job.procedure,
        "table": job.table,
        "runs as": job.owner,
        "process": _process(job),
        "every": duration(job.interval) or None,
        "next start": _moment(job.next_start, until_text(listed.until) if listed.until is not None else ""),
        "last run": _moment(job.last_run, f"{age(listed.since)} ago"),
        "took": _took(job),
        "last success": _moment(job.last_success),
        "runs": f"{count(job.runs)}, of which {count(job.failures)} failed" if job.runs is not None else None,
        "limit": duration(job.max_runtime) or None,
    }
    return [(label, value) for label, value in known.items() if value]


def history(runs: Sequence[Past], kept: str) -> str:
    """The last runs as a table, the newest first.

    >>> from datetime import UTC
    >>> past = Past(datetime(2026, 3, 14, 2, tzinfo=UTC), 1.5, "failed", "24000 cannot drop portal", 4711)
    >>> print(history([past], "Only failed runs are written down."))
    2026-03-14 02:00:00  failed      1.50 s  24000 cannot drop portal
    <BLANKLINE>
    Only failed runs are written down.
    """
    lines = [
        f"{_stamp(run.started):19}  {run.ending:8}  {duration(run.seconds):>8}  {run.said}".rstrip() for run in runs
    ]
    return "\n".join([*(lines or ["none that was written down"]), *(["", kept] if kept else [])])


def _stamp(moment: datetime | None) -> str:
    return to_second(moment) if moment else "?"


def _moment(moment: datetime | None, beside: str = "") -> str | None:
    return None if moment is None else f"{_stamp(moment)} UTC{f', {beside}' if beside else ''}"


def _took(job: Job) -> str | None:
    if job.last_duration is None:
        return None
    share = f", {job.share:.0%} of its interval" if job.share is not None and job.share >= 0.01 else ""
    return f"{duration(job.last_duration)}{share}"


def _process(job: Job) -> str | None:
    if job.pid is None:
        return None
    blockers = ", ".join("a prepared transaction" if pid == 0 else str(pid) for pid in job.blocked_by)
    return f"{job.pid}{f', waits for {blockers}' if blockers else ''}"


def _hidden(job: Job) -> str | None:
    return f"why it fails; a superuser can show it: {job.grant}" if job.grant else None
