"""The summary as lines: what was lately, what is since the counters began, and how bad that is; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.iso import to_minute
from console.panes.database.summary.summary import Lately, Summary, ratio
from console.services.health.models import Finding, Level
from console.units import age, bytes_text, count, duration, number_of, percent, rate

FINDING_OF = {
    "cache": "D06", "deadlocks": "D07", "checkpoints": "D08", "archive": "D09", "checksums": "D10",
    "settings": "D11", "dead": "D14", "invalid": "H18", "unused": "D15", "sequences": "D16", "freeze": "H23",
    "egress": "H26",
}  # fmt: skip
"""Which health check judges a line."""

SAID = {"cache"}
"""Lines that say already what the check says."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line."""

    id: str
    """The same from one refresh to the next."""
    title: str
    """What it is about."""
    lately: str = ""
    """What happened in the last minutes."""
    total: str = ""
    """What it is now, or since the counters began."""
    remark: str = ""
    """What is good, what it was compared with, what is wrong."""
    finding: Finding | None = None
    """What a health check says; None where there is none for it."""

    @property
    def level(self) -> Level | None:
        """How bad it is; None where nothing judges it."""
        return self.finding.level if self.finding else None

    def as_json(self) -> dict[str, object]:
        """The line as it is copied."""
        said = {"lately": self.lately, "total": self.total, "remark": self.remark}
        return {"id": self.id, "figure": self.title.strip(), "level": self.level, **said}


def figures(summary: Summary) -> list[Figure]:
    """All lines, in the order in which they are read."""
    lines = [*_load(summary), *_memory(summary), *_writes(summary), *_upkeep(summary), *_settings(summary)]
    return [_judged(line, summary) for line in lines]


def _judged(line: Figure, summary: Summary) -> Figure:
    finding = summary.findings.get(FINDING_OF.get(line.id, ""))
    if finding is None:
        return line
    calm = finding.level is Level.OK or line.id in SAID
    told = line.remark if calm and (line.remark or line.total) else finding.verdict.evidence
    return Figure(line.id, line.title, line.lately, line.total, told, finding)


def _load(summary: Summary) -> Iterator[Figure]:
    pulse, counted, recent = summary.pulse, summary.counted, summary.lately
    size = f"{'' if summary.exact is not None else '~'}{bytes_text(summary.size)}"
    analyzed = summary.survey.analyzed_at if summary.survey else None
    since = f"as of the last ANALYZE, {age((summary.as_of - analyzed).total_seconds())} ago" if analyzed else ""
    said = "measured" if summary.exact is not None else since or "nothing was ever analysed here"
    yield Figure("size", "size", "", size, said)
    if pulse is not None:
        yield Figure("connections", "connections", "", f"{pulse.connections}", f"of {pulse.connection_limit}")
    if counted is not None:
        ended = counted.commits + counted.rollbacks
        share = percent(ratio(counted.rollbacks, ended))
        lately = rate(recent.transactions) if recent else ""
        yield Figure("transactions", "transactions", lately, count(ended), f"{share} rolled back" if share else "")
    statistics = summary.statistics
    if statistics is not None:
        lately = count(recent.deadlocks) if recent else ""
        yield Figure("deadlocks", "deadlocks", lately, count(statistics.deadlocks))


def _memory(summary: Summary) -> Iterator[Figure]:
    statistics, survey, recent = summary.statistics, summary.survey, summary.lately
    if statistics is not None:
        whole = ratio(statistics.blks_hit, statistics.blks_hit + statistics.blks_read)
        yield Figure(
            "cache", "cache hits", percent(recent.hit_ratio) if recent else "", percent(whole), _target(summary)
        )
    if survey is not None:
        heap, index = ratio(survey.heap_hit, survey.heap_wanted), ratio(survey.index_hit, survey.index_wanted)
        yield Figure("heap", "  of tables", "", percent(heap), "" if heap is not None else "nothing was read yet")
        yield Figure("index", "  of indexes", "", percent(index), "" if index is not None else "nothing was read yet")
    counted = summary.counted
    if counted is not None:
        lately = bytes_text(recent.temp_bytes) if recent else ""
        files = f"{number_of(counted.temp_files, 'file')}, where work_mem did not suffice"
        yield Figure("temp", "temporary files", lately, bytes_text(counted.temp_bytes), files)


def _target(summary: Summary) -> str:
    finding = summary.findings.get(FINDING_OF["cache"])
    threshold = finding.verdict.threshold if finding else None
    return f"target > {threshold:g} %" if threshold is not None else ""


def _writes(summary: Summary) -> Iterator[Figure]:
    counted, checkpoints, recent = summary.counted, summary.checkpoints, summary.lately
    if counted is not None:
        yield _wal(summary, recent)
        lately = bytes_text(recent.client_bytes) if recent else ""
        waits = f"{number_of(counted.client_fsyncs, 'time')} with an fsync"
        yield Figure("clients", "written by clients", lately, bytes_text(counted.client_bytes), waits)
    if checkpoints is not None:
        made = f"{count(checkpoints.timed)} in time"
        yield Figure("checkpoints", "checkpoints", "", made, f"{count(checkpoints.requested)} requested")
    yield Figure("archive", "WAL archive")
    yield Figure("checksums", "checksums")


def _wal(summary: Summary, recent: Lately | None) -> Figure:
    counted = summary.counted
    if counted is None or summary.server.in_recovery:
        return Figure("wal", "WAL", "", "", "a standby writes none")
    lately = f"{bytes_text(recent.wal_rate)}/s" if recent else ""
    since = f", since {to_minute(counted.wal_since)} UTC" if counted.wal_since else ""
    return Figure("wal", "WAL", lately, bytes_text(counted.wal_bytes), f"of the whole server{since}")


def _upkeep(summary: Summary) -> Iterator[Figure]:
    counted, statistics, survey = summary.counted, summary.statistics, summary.survey
    if counted is not None:
        yield _autovacuum(summary)
    if survey is not None:
        share = ratio(survey.dead_rows, (survey.live_rows or 0) + (survey.dead_rows or 0))
        yield Figure(
            "dead", "dead rows", "", percent(share), f"{count(survey.dead_rows)} in {number_of(survey.tables, 'table')}"
        )
    if statistics is not None and counted is not None:
        limit = f"autovacuum freezes at {counted.freeze_limit / 1e6:,.0f} M"
        yield Figure("freeze", "freeze age", "", f"{statistics.frozen_age / 1e6:,.1f} M", limit)
        limit = f"autovacuum freezes at {counted.multixact_limit / 1e6:,.0f} M"
        yield Figure("multixact", "  of multixacts", "", f"{statistics.multixact_age / 1e6:,.1f} M", limit)
    yield Figure("invalid", "invalid indexes")
    yield Figure("unused", "unused indexes")
    yield Figure("sequences", "sequences")


def _autovacuum(summary: Summary) -> Figure:
    counted = summary.counted
    if counted is None or counted.autovacuum_workers is None:
        return Figure("autovacuum", "autovacuum", "", "?", "hidden from this role")
    busy = counted.autovacuum_workers >= counted.autovacuum_limit
    remark = f"of {counted.autovacuum_limit} workers{', all of them busy' if busy else ''}"
    return Figure("autovacuum", "autovacuum", "", f"{counted.autovacuum_workers}", remark)


def _settings(summary: Summary) -> Iterator[Figure]:
    yield _tls(summary)
    yield Figure("settings", "settings for safety")
    yield Figure("egress", "settings for privacy")
    survey = summary.survey
    if survey is None:
        return
    for name, value in survey.settings.items():
        if value is not None:
            waits = "changed; waits for a restart" if name in survey.pending else ""
            yield Figure(f"setting {name}", name, "", value, waits)
    for name in survey.pending:
        if name not in survey.settings:
            yield Figure(f"setting {name}", name, "", "", "changed; waits for a restart")


def _tls(summary: Summary) -> Figure:
    counted = summary.counted
    if counted is None or counted.tls is None:
        return Figure("tls", "TLS of this line", "", "?", "the server does not say")
    if counted.tls:
        return Figure("tls", "TLS of this line", "", counted.tls_version or "on", counted.tls_cipher or "")
    remark = "a socket of the same machine" if counted.local else "whoever is on the line can read along"
    return Figure("tls", "TLS of this line", "", "off", remark)


def since_text(summary: Summary) -> str:
    """Since when the totals count, and over which time the middle column goes."""
    since = summary.statistics.counted_since if summary.statistics else None
    totals = f"since {to_minute(since)} UTC" if since else "since the counters began"
    recent = f" · lately: {duration(summary.lately.seconds)}" if summary.lately else ""
    return totals + recent
