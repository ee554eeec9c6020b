"""What keeps rows and what drops them: policies and other mechanisms, the floor, holds, and what goes next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.services.retention.floor import DAY, FLOOR_DAYS, Verdict, interval_days, judge
from console.services.retention.models import Hold
from console.services.storage.chunks import Chunk, arranged, falling_due
from console.services.storage.models import Divided, Part, Policy, spelled
from console.services.storage.retention_models import AuditTable, CronDrop
from console.services.storage.tables import limit
from console.units import number_of

SHOWN = 50
"""Chunks that go next which are told one by one."""

HOUSE_YEARS = 7
"""What `emr-console maintain` keeps of partitioned audit tables."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What drops rows of a table."""

    mechanism: str
    """policy, maintain or pg_cron, as --json spells it."""
    told: str
    """The same in words."""
    policy: Policy | None = None
    """How old rows get; None where only the mechanism's own command says."""
    job: int | None = None
    """The number of the job that does it; None where none of the database's does."""

    @property
    def works(self) -> bool:
        """Whether it drops rows by itself, also those of a table that is held: `emr-console maintain` asks before."""
        return self.mechanism != "maintain" and (self.policy is None or self.policy.scheduled)

    @property
    def stop(self) -> str:
        """The statement that pauses it."""
        return (
            f"select alter_job({self.job}, scheduled => false);"
            if self.policy
            else f"select cron.alter_job({self.job}, active => false);"
        )


@dataclass(frozen=True, slots=True)
class Retained:
    """One table, and what becomes of its rows."""

    schema: str
    """Its schema."""
    name: str
    """Its name there."""
    rules: Sequence[Rule]
    """What drops its rows, the one that is meant to first."""
    verdict: Verdict
    """What the floor says to it."""
    oldest: datetime | int | None
    """Where its oldest chunk begins; None where it is in one piece."""
    going: Sequence[Chunk]
    """The chunks that go next, the oldest first."""
    holds: Sequence[Hold] = ()
    """Legal holds on it."""
    rows: int | None = None
    """Rows of a table in one piece, such as a backup of an audit table."""
    backup: bool = False
    """Whether a rollback has put it aside; its rows are not searched."""

    @property
    def label(self) -> str:
        """As a person writes it."""
        return spelled(self.schema, self.name)

    @property
    def rule(self) -> Rule | None:
        """What is meant to drop its rows."""
        return self.rules[0] if self.rules else None

    @property
    def drop_after(self) -> float | int | None:
        """How old rows get, in seconds; of a table by number, how far behind."""
        return limit(self.rule.policy) if self.rule else None

    @property
    def floor(self) -> int | None:
        """Seconds that its rows are kept at least; None where there is no floor."""
        return None if self.verdict.level == "none" else FLOOR_DAYS * DAY

    @property
    def conflict(self) -> str:
        """Two mechanisms that drop its rows; empty where there is one, or none."""
        if len(self.rules) < 2:
            return ""
        return f"Its rows are dropped by {' and by '.join(rule.told for rule in self.rules)}: one of them must go."

    @property
    def sentences(self) -> list[str]:
        """What is wrong with it, or has to be known."""
        said = [self.verdict.sentence] if self.verdict.level in ("refused", "short") else []
        if self.conflict:
            said.append(f"{self.label}: {self.conflict}")
        if self.backup and self.rows != 0:
            rows = "rows that nobody has counted" if self.rows is None else f"about {number_of(self.rows, 'row')}"
            said.append(f"{self.label} holds {rows} of a rollback, which no search reads.")
        return said

    def as_json(self) -> dict[str, Any]:
        """The row as --json spells it."""
        return {
            "table": self.label,
            "mechanism": self.rule.mechanism if self.rule else None,
            "scheduled": self.rule.policy.scheduled if self.rule and self.rule.policy else None,
            "drop_after": self.drop_after,
            "floor": self.floor,
            "verdict": self.verdict.level,
            "oldest": self.oldest,
            "next_drop": [
                {"chunk": c.part.label, "range_end": c.end, "rows": c.part.rows, "drops_at": c.drops_at}
                for c in self.going
            ],
            "hold": ", ".join(hold.name for hold in self.holds) or None,
            "conflict": self.conflict or None,
            "rows": self.rows,
            "backup": self.backup,
        }


@dataclass(frozen=True, slots=True)
class Retention:
    """All tables at one moment."""

    as_of: datetime
    """When, by the server's clock."""
    tables: Sequence[Retained]
    """Audit tables first, then by name."""
    missing: Sequence[str] = ()
    """What cannot be told here, and why, in sentences."""
    holds_hidden: bool = False
    """Whether legal holds may stand that our role does not see."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read."""

    tables: Sequence[Divided]
    """Hypertables, those behind continuous aggregates too, and partitioned tables."""
    parts: Sequence[Part]
    """Their chunks and partitions."""
    policies: Sequence[Policy] = ()
    """TimescaleDB's."""
    audit: Sequence[AuditTable] = ()
    """Audit tables, in one piece or divided, and their backups."""
    cron: Sequence[CronDrop] = ()
    """Jobs of pg_cron that drop."""
    holds: Sequence[Hold] = ()
    """Legal holds."""
    maintained: datetime | None = None
    """When `emr-console maintain` last looked; None if never, or if that is not known."""


def retained(found: Found, now: datetime) -> list[Retained]:
    """Each table with what becomes of its rows."""
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in found.parts:
        parts[part.parent].append(part)
    policies = {policy.parent: policy for policy in found.policies if policy.drops}
    known = {table.oid for table in found.tables}
    rows = [_divided(table, parts[table.oid], found, policies, now) for table in found.tables]
    rows += [_whole(table, found) for table in found.audit if table.oid not in known]
    return sorted(rows, key=lambda row: (row.verdict.level == "none" and not row.backup, row.backup, row.label))


def _divided(
    table: Divided, parts: Iterable[Part], found: Found, policies: Mapping[int, Policy], now: datetime
) -> Retained:
    audit = judge(table.label, 0).level != "none"
    rules = [
        *_policy(policies.get(table.oid)),
        *_maintain(table, audit, found, now),
        *_cron(table.table_name, audit, found),
    ]
    rule = rules[0].policy if rules else None
    chunks = arranged(parts, None, falling_due(rule, now))
    return Retained(
        table.schema_name,
        table.table_name,
        rules,
        verdict(table.label, rule),
        next((chunk.start for chunk in chunks if chunk.start is not None), None),
        [chunk for chunk in chunks if chunk.next_to_drop][:SHOWN],
        [hold for hold in found.holds if (hold.table_schema, hold.table_name) == (table.schema_name, table.table_name)],
    )


def _whole(table: AuditTable, found: Found) -> Retained:
    """An audit table in one piece, or a backup."""
    backup = "_backup_" in table.table_name
    rules = [] if backup else _cron(table.table_name, True, found)
    holds = [h for h in found.holds if (h.table_schema, h.table_name) == (table.schema_name, table.table_name)]
    said = verdict(spelled(table.schema_name, table.table_name), None)
    return Retained(table.schema_name, table.table_name, rules, said, None, (), holds, table.rows, backup)


def verdict(label: str, rule: Policy | None) -> Verdict:
    """What the floor says to a rule; where nothing drops rows, they are kept."""
    if rule is not None and rule.after is not None:
        return judge(label, interval_days(rule.after))
    return Verdict("none") if judge(label, 0).level == "none" else Verdict("kept")


def _policy(policy: Policy | None) -> list[Rule]:
    if policy is None:
        return []
    return [Rule("policy", f"TimescaleDB's policy (job {policy.job_id})", policy, policy.job_id)]


def _maintain(table: Divided, audit: bool, found: Found, now: datetime) -> list[Rule]:
    if found.maintained is None or not audit or table.kind != "partitioned" or table.schema_name != "public":
        return []
    before = years_before(now, HOUSE_YEARS)
    policy = Policy(
        parent=table.oid, job_id=0, drops=True, after=HOUSE_YEARS * 365.25 * DAY, after_number=None,
        written=f"{HOUSE_YEARS} years", before=before,
        asked=now, by_birth=False, scheduled=True, every=DAY, next_start=None, last_success=found.maintained,
    )  # fmt: skip
    return [Rule("maintain", "whoever runs emr-console maintain", policy)]


def _cron(table: str, audit: bool, found: Found) -> list[Rule]:
    jobs = [job for job in found.cron if job.active and (table in job.tables or (audit and "audit" in job.tables))]
    return [Rule("pg_cron", f"job {job.id} of pg_cron ({job.schedule})", job=job.id) for job in jobs]


def years_before(moment: datetime, years: int) -> datetime:
    """The same day so many years ago; the 28th of February for the 29th.

    >>> from datetime import UTC
    >>> years_before(datetime(2028, 2, 29, tzinfo=UTC), 7).isoformat()[:10]
    '2021-02-28'
    """
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return (moment - timedelta(days=1)).replace(year=moment.year - years)
