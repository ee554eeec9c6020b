"""One review: every rule asked about a window of whole days, with what was decided already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from console.db.query import Query
from console.db.session import Session
from console.errors import StatementFailed, TimedOut, UsageError
from console.iso import shifted
from console.services.audit.review import rules
from console.services.audit.review.models import Decided, Finding, Found, Patient, SignOff, Today, User
from console.services.audit.review.rules import RULES, Rule
from console.services.audit.strangers import strangers
from console.services.rights import naming

LONGEST = timedelta(days=92)
"""No window is longer: a review that takes a quarter at once is none."""

USUAL = timedelta(days=7)
"""How long a window is where nobody says it."""

SETTINGS = {"row_security": "off"}
"""Of a session that reviews: who does not see every task would find that nobody cares for anybody."""

PEOPLE = Query(__package__, "people")
PATIENTS = Query(__package__, "patients")
DISPOSITIONS = Query(__package__, "dispositions")
SIGN_OFFS = Query(__package__, "sign_offs")
TODAY = Query(__package__, "today")

_TABLES = ("audit_logs", "users", "patients", "tasks", "shifts", "handovers", "handover_items")
_READ = {**{f"public.{table}": ("SELECT",) for table in _TABLES}, "emr_console.event": ("SELECT",)}
"""What the rules read."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days, UTC."""

    since: date
    """The first."""
    until: date
    """The day after the last."""

    @property
    def last(self) -> date:
        """The last."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> str:
        """Its days for a person, the last one included.

        >>> Window(date(2026, 3, 7), date(2026, 3, 14)).days, Window(date(2026, 3, 7), date(2026, 3, 8)).days
        ('2026-03-07 to 2026-03-13', '2026-03-07')
        """
        return f"{self.since}" if self.last == self.since else f"{self.since} to {self.last}"

    @property
    def before(self) -> "Window":
        """The week before it.

        >>> str(Window(date(2026, 3, 7), date(2026, 3, 14)).before.since)
        '2026-02-28'
        """
        return Window(self.since - USUAL, self.since)

    def after(self, today: date) -> "Window | None":
        """The week after it, as far as its days are over; None where none of them is.

        >>> week = Window(date(2026, 3, 2), date(2026, 3, 9))
        >>> str(week.after(date(2026, 3, 11)).until), week.after(date(2026, 3, 9))
        ('2026-03-11', None)
        """
        return Window(self.until, min(self.until + USUAL, today)) if self.until < today else None

    @property
    def values(self) -> dict[str, object]:
        """Its bounds as values of a query."""
        lower, upper = (datetime.combine(day, time(), UTC) for day in (self.since, self.until))
        return {"lower": lower, "upper": upper}


@dataclass(frozen=True, slots=True)
class Review:
    """What a review has found."""

    as_of: datetime
    """The server's clock."""
    window: Window
    """What was looked at."""
    findings: list[Finding]
    """All of them, the most urgent first."""
    unavailable: dict[str, str]
    """Rules that could not be asked, and why."""

    @property
    def queue(self) -> list[Finding]:
        """Those that are not decided yet."""
        return [finding for finding in self.findings if finding.open]


async def today(session: Session) -> datetime:
    """The server's clock, UTC."""
    return (await session.fetch_one(TODAY, Today)).now.astimezone(UTC)


async def window(session: Session, since: date | None, until: date | None) -> Window:
    """The window that is meant: the last seven whole days where nothing is said; it ends today at the latest."""
    async with naming(session, _READ, "Nothing was reviewed."):
        day = (await today(session)).date()
    end = until or day
    start = since or shifted(end, -USUAL)
    if not start < end <= day + timedelta(days=1) or end - start > LONGEST:
        raise UsageError(
            f"A review takes 1 to {LONGEST.days} whole days that have begun; this is {start} to {end}.",
            state="Nothing was reviewed.",
            hint="Say --since DAY --until DAY, the second one being the day after the last.",
        )
    return Window(start, end)


async def review(session: Session, wanted: Window, thresholds: Mapping[str, object]) -> Review:
    """Ask every rule; one that cannot be asked here is named, and the others are asked nevertheless.

    Where none can be asked, what is wrong with the last one is raised: nobody has looked at anything.
    """
    async with naming(session, _READ, "Nothing was reviewed."):
        return await _reviewed(session, wanted, thresholds)


async def _reviewed(session: Session, wanted: Window, thresholds: Mapping[str, object]) -> Review:
    here = await session.fetch_one(TODAY, Today)
    operators = await strangers(session)
    values = {**wanted.values, **thresholds, "strangers": list(operators)}
    found: list[tuple[Rule, Found]] = []
    unavailable: dict[str, str] = {}
    for rule in RULES:
        try:
            rows = await _asked(session, rule, values)
        except StatementFailed as error:
            if isinstance(error, TimedOut):
                raise
            unavailable[rule.name] = error.message
            if len(unavailable) == len(RULES):
                error.state = "Nothing was reviewed."
                raise
        else:
            found += [(rules.fitting(rule, row), row) for row in rows]
    findings = await _told(session, found, operators)
    if here.ledger:
        findings = await _decided(session, findings)
    findings.sort(key=lambda each: (rules.ORDER[each.level], each.first_at, each.id))
    return Review(here.now, wanted, findings, unavailable)


async def _asked(session: Session, rule: Rule, values: Mapping[str, object]) -> list[Found]:
    """What a rule finds; one that fails breaks no transaction in which the others are asked."""
    if not session.in_transaction:
        return await session.fetch(rule.query, Found, **values)
    await session.execute("savepoint before_rule")
    try:
        return await session.fetch(rule.query, Found, **values)
    except StatementFailed:
        await session.execute("rollback to before_rule")
        raise


async def _told(session: Session, found: list[tuple[Rule, Found]], operators: Mapping[UUID, str]) -> list[Finding]:
    user_ids, patient_ids = _ids(row.user_id for _, row in found), _ids(row.patient_id for _, row in found)
    users = await session.fetch(PEOPLE, User, ids=user_ids) if user_ids else []
    patients = await session.fetch(PATIENTS, Patient, ids=patient_ids) if patient_ids else []
    usernames = {**operators, **{user.id: user.username for user in users}}
    mrns = {each.id: each.mrn for each in patients}
    return [_finding(rule, row, usernames, mrns) for rule, row in found]


def _ids(ids: Iterable[UUID | None]) -> list[UUID]:
    return sorted({each for each in ids if each is not None})


def _finding(rule: Rule, row: Found, users: Mapping[UUID, str], mrns: Mapping[UUID, str | None]) -> Finding:
    return Finding(
        id=rules.identity(rule, row),
        rule=rule.name,
        level=rule.level,
        user_id=row.user_id,
        user=users.get(row.user_id) if row.user_id else None,
        patient_id=row.patient_id,
        patient=mrns.get(row.patient_id) if row.patient_id else None,
        first_at=row.first_at,
        last_at=row.last_at,
        events=row.events,
        evidence=rule.evidence.format(measure=row.measure, events=row.events),
        search=rules.search(row),
    )


async def _decided(session: Session, findings: list[Finding]) -> list[Finding]:
    rows = await session.fetch(DISPOSITIONS, Decided, ids=[finding.id for finding in findings])
    last = {row.finding: row for row in rows}
    return [finding.model_copy(update={"decided": last.get(finding.id)}) for finding in findings]


async def sign_offs(session: Session) -> list[SignOff]:
    """The windows that were signed off, the latest first; none where the ledger has no place for them."""
    if not (await session.fetch_one(TODAY, Today)).ledger:
        return []
    return await session.fetch(SIGN_OFFS, SignOff)
