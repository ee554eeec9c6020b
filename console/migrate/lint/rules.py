"""The table of rules. Their reasons are the docstrings; the evidence is what each message names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from console.migrate.lint import access, contents, control, inverse, policies, timescale
from console.migrate.lint.chain import File, Remark
from console.migrate.lint.models import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    id: str
    """Its number, which waivers name."""
    severity: Severity
    """E refuses without a written waiver, W warns."""
    title: str
    """What it finds."""
    check: Callable[[File], Iterator[Remark]] | None
    """How; None where reading the file finds it already, which nothing waives."""


RULES = (
    Rule("EM01", "E", "transactional and other statements in one file", control.em01),
    Rule("EM02", "E", "BEGIN, COMMIT, ROLLBACK or SAVEPOINT", control.em02),
    Rule("EM03", "E", "COPY from or to the client, or a psql command", None),
    Rule("EM04", "E", "no down, and no reason why", None),
    Rule("EM05", "W", "IF EXISTS in a down", inverse.em05),
    Rule("EM06", "E", "a down drops what its up did not make", inverse.em06),
    Rule("EM07", "W", "a down leaves what its up made", inverse.em07),
    Rule("EM08", "E", "DROP .. CASCADE without cascades_to", inverse.em08),
    Rule("EM09", "E", "a table stays without its row security or a policy", access.em09),
    Rule("EM10", "W", "a function is called that nothing has made", access.em10),
    Rule("EM11", "W", "a policy's sub-select captures a column of its table", contents.em11),
    Rule("EM12", "E", "an enum value used in the transaction that adds it", contents.em12),
    Rule("EM13", "W", "an enum value added, which cannot be undone", contents.em13),
    Rule("EM14", "W", "a view selects *", contents.em14),
    Rule("EM15", "E", "a view past row security", access.em15),
    Rule("EM16", "W", "a setting for the whole session", control.em16),
    Rule("EM17", "W", "SECURITY DEFINER without search_path", access.em17),
    Rule("EM18", "E", "a password in clear", access.em18),
    Rule("EM19", "E", "the engine's lock or role given away", control.em19),
    Rule("EM20", "E", "rows copied without a lock before a swap", contents.em20),
    Rule("TS01", "E", "a unique index without the time column", timescale.ts01),
    Rule("TS02", "E", "a foreign key into a compressed hypertable", timescale.ts02),
    Rule("TS03", "E", "a continuous aggregate filled in a transaction", timescale.ts03),
    Rule("TS04", "E", "CONCURRENTLY on a hypertable", timescale.ts04),
    Rule("TS05", "E", "a refresh in a transaction", timescale.ts05),
    Rule("TS06", "E", "compression turned off under compressed chunks", timescale.ts06),
    Rule("TS07", "E", "row security on a compressed hypertable", timescale.ts07),
    Rule("TS08", "W", "a refresh window smaller than two buckets", policies.ts08),
    Rule("TS09", "W", "a column altered that an aggregate or compression uses", timescale.ts09),
    Rule("TS10", "W", "retention shorter than the law or an aggregate wants", policies.ts10),
    Rule("TS11", "E", "ALTER EXTENSION timescaledb UPDATE beside others", timescale.ts11),
    Rule("TS12", "W", "a policy added with if_not_exists", policies.ts12),
)
"""Every rule, in order."""
