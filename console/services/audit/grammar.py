"""The language of an audit search: one line of terms, all of which must hold.

patient:TEST-0000123        a record number, an id in an EMR, or the patient's uuid
user:ana                    a username, or the user's uuid; several with commas
action:view,export          what was done
entity:PATIENT              to what kind of thing; entity:<uuid> to which one
system:EPIC                 by way of which EMR
ip:10.2.0.0/16              from which address or network
session:<uuid> request:<uuid>
id:<uuid>                   a request, or the thing that it was about
since:2026-01-01 until:2026-02-01T12:00   UTC; also 30d, 12h, 2y ago; since:all walks back to the first row
                            and without until: rows that are dated ahead of the clock are found, too
after-hours                 at night or at the weekend
bulk                        by a user who touched many patients in that hour
"free text"                 in what the application noted beside the event
-action:view                a minus before a term: not that
"""

import re
from calendar import isleap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from ipaddress import ip_network
from uuid import UUID

from console.errors import UsageError
from console.iso import shifted, utc

ACTIONS = (
    "INSERT", "UPDATE", "DELETE", "LOGIN", "LOGOUT", "EMR_VERIFY", "EPIC_VERIFY", "CERNER_VERIFY", "VIEW", "SEARCH",
    "REVEAL", "EXPORT", "BREAK_GLASS", "LOGIN_FAILED", "ACCESS_DENIED", "EMR_VERIFY_FAILED", "CONFIG_CHANGE", "TEST",
)  # fmt: skip
"""What audit_logs_action_check allows (migration 002)."""

SYSTEMS = ("EPIC", "CERNER", "GENERIC_FHIR")
"""What audit_logs_emr_system_check allows (migration 002)."""

FIELDS = (
    "patient", "user", "action", "entity", "system", "ip", "session", "request", "id", "since", "until",
)  # fmt: skip
"""What may stand before a colon."""

FLAGS = ("after-hours", "bulk")
"""What stands alone."""

DEFAULT_SPAN = timedelta(days=30)
"""How far back a search goes that does not say."""

_TERM = re.compile(r'\s*(?P<term>(?P<minus>-)?(?:(?P<field>[A-Za-z-]+):)?(?P<value>(?:"[^"]*"|[^\s"])*))')
_EQUALS = re.compile(r"(?P<field>[A-Za-z]+)=")
_PART = re.compile(r'(?:"[^"]*"|[^,"])+')
_AGO = re.compile(r"(?P<count>\d{1,5})(?P<unit>[mhdwy])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class SearchError(UsageError):
    """A search that cannot be understood."""

    def __init__(self, message: str, position: int, hint: str = "") -> None:
        super().__init__(message, state="Nothing was searched.", hint=hint)
        self.position = position
        """Where in the text, from 0."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    field: str
    """A field, a flag, or `text`."""
    values: tuple[str, ...]
    """One of these; none of a flag."""
    negated: bool
    """Whether it must not hold."""
    position: int
    """Where it begins in the text, from 0."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted of the audit log."""

    text: str
    """As typed."""
    terms: tuple[Term, ...]
    """What must hold of a row, the span of time apart."""
    since: datetime | None
    """The oldest moment; None walks back to the first row there is."""
    until: datetime
    """The newest moment."""
    open: bool = False
    """Whether nothing was said of it, so that rows which are dated ahead of the clock are wanted, too."""

    def values(self, field: str, *, negated: bool = False) -> tuple[str, ...] | None:
        """All values of a field; None where no such term is there."""
        found = [term for term in self.terms if term.field == field and term.negated is negated]
        return tuple(value for term in found for value in term.values) if found else None

    def flag(self, name: str) -> bool | None:
        """Whether a flag must hold or must not; None where it is not there."""
        return next((not term.negated for term in self.terms if term.field == name), None)


def parse_search(text: str, now: datetime) -> Search:
    """Understand a search; `now` is the server's time. SearchError says what is wrong, and where.

    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> found = parse_search('user:ana -action:view,Search since:7d "ward 3"', noon)
    >>> [(term.field, term.values, term.negated) for term in found.terms]
    [('user', ('ana',), False), ('action', ('VIEW', 'SEARCH'), True), ('text', ('ward 3',), False)]
    >>> str(found.since), str(found.until)
    ('2026-03-07 12:00:00+00:00', '2026-03-14 12:00:00+00:00')
    >>> parse_search("since:2026-02-30", noon)
    Traceback (most recent call last):
    ...
    console.services.audit.grammar.SearchError: 2026-02-30 is no day of the calendar.
    """
    terms = [_term(match, text) for match in _words(text)]
    since, until = _span(terms, now)
    _refuse_twice(terms)
    conditions = tuple(term for term in terms if term.field not in ("since", "until"))
    return Search(text, conditions, since, until, open=all(term.field != "until" for term in terms))


def _words(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while text[at:].strip():
        match = _TERM.match(text, at)
        if match is None or match.end() == at or not match["term"]:
            raise SearchError("A quote is not closed.", text.index('"', at))
        at = match.end()
        if at < len(text) and not text[at].isspace():
            raise SearchError("A quote is not closed.", at)
        yield match


def _term(match: re.Match[str], text: str) -> Term:
    at, negated = match.start("term"), match["minus"] is not None
    if match["field"] is None:
        return _bare(match, at, negated)
    field = match["field"].lower()
    if field not in FIELDS:
        raise SearchError(f"There is no field {match['field']}.", at, _known(field, FIELDS))
    parts = [_unquoted(part) for part in _PART.findall(match["value"])]
    if not parts or not all(parts):
        raise SearchError(f'A value is missing after "{field}:".', match.start("value"), _example(field))
    values = tuple(_checked(field, part, match.start("value")) for part in parts)
    if field in ("since", "until") and (negated or len(values) > 1):
        raise SearchError(f"{field}: takes one moment, and no minus.", at)
    return Term(field, values, negated, at)


def _known(word: str, words: Iterable[str]) -> str:
    """What was perhaps meant by a word that is not known; else all that are.

    >>> _known("actoin", ["action", "actor"]), _known("ward", ["action", "actor"])
    ('Did you mean action?', 'There are action, actor.')
    """
    known = list(words)
    near = get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."


def _bare(match: re.Match[str], at: int, negated: bool) -> Term:
    word = match["value"]
    if word.lower() in FLAGS:
        return Term(word.lower(), (), negated, at)
    equals = _EQUALS.match(word)
    if equals and equals["field"].lower() in FIELDS:
        field = equals["field"].lower()
        raise SearchError(f"A field has a colon behind it: {field}:, not {field}=.", at, _example(field))
    plain = _unquoted(word)
    if not plain:
        raise SearchError("There is nothing to search for here.", at)
    return Term("text", (plain,), negated, at)


def _unquoted(value: str) -> str:
    return value.replace('"', "").strip()


def _checked(field: str, value: str, at: int) -> str:
    check = _CHECKS.get(field)
    return check(value, at) if check else value


def _one_of(known: Sequence[str], what: str) -> Callable[[str, int], str]:
    def check(value: str, at: int) -> str:
        if value.upper() in known:
            return value.upper()
        raise SearchError(f"There is no {what} {value}.", at, _known(value.upper(), known))

    return check


def _uuid(value: str, at: int) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise SearchError(f"{value} is no uuid.", at, "Such as 3484582e-6b98-4adb-a009-64e49cf46cfe.") from None


def _network(value: str, at: int) -> str:
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        raise SearchError(f"{value} is neither an address nor a network.", at, "Such as 10.2.0.0/16.") from None


def _entity(value: str, at: int) -> str:
    """A kind of thing, or one thing by its uuid."""
    try:
        return str(UUID(value))
    except ValueError:
        return value.upper()


_CHECKS: dict[str, Callable[[str, int], str]] = {
    "action": _one_of(ACTIONS, "action"),
    "system": _one_of(SYSTEMS, "system"),
    "session": _uuid,
    "request": _uuid,
    "id": _uuid,
    "ip": _network,
    "entity": _entity,
}

_EXAMPLES = {
    "patient": "TEST-0000123", "user": "ana", "action": "view,export", "entity": "PATIENT", "system": "EPIC",
    "ip": "10.2.0.0/16", "since": "2026-01-01, 30d or all", "until": "2026-02-01",
}  # fmt: skip


def _example(field: str) -> str:
    return f"Such as {field}:{_EXAMPLES.get(field, '3484582e-6b98-4adb-a009-64e49cf46cfe')}."


def _refuse_twice(terms: Sequence[Term]) -> None:
    """A second one would either say nothing or contradict; a list says `one of these`."""
    known: set[tuple[str, bool]] = set()
    for term in terms:
        if term.field != "text" and not term.negated and (term.field, False) in known:
            raise SearchError(f"{term.field} is there twice.", term.position, "Several values stand with commas.")
        if term.field in FLAGS and (term.field, not term.negated) in known:
            raise SearchError(f"{term.field} and -{term.field} leave nothing.", term.position)
        known.add((term.field, term.negated))


def _span(terms: Sequence[Term], now: datetime) -> tuple[datetime | None, datetime]:
    ends = {term.field: term for term in terms}
    until, since = now, None
    if "until" in ends:
        end = moment(ends["until"].values[0], now, ends["until"].position)
        if end is None:
            raise SearchError("until: takes a moment.", ends["until"].position, "Such as 2026-02-01, 12h, or now.")
        until = end
    if "since" not in ends:
        return shifted(until, -DEFAULT_SPAN), until
    since = moment(ends["since"].values[0], now, ends["since"].position)
    if since is not None and since >= until and "until" in ends:
        raise SearchError("since: is not before until:.", ends["since"].position)
    return since, until


def moment(value: str, now: datetime, position: int = 0) -> datetime | None:
    """A moment as it is typed, in UTC; None for `all`.

    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> [str(moment(value, noon)) for value in ("2026-01-01", "2026-01-01T08:30", "12h", "now")]
    ['2026-01-01 00:00:00+00:00', '2026-01-01 08:30:00+00:00', '2026-03-14 00:00:00+00:00', '2026-03-14 12:00:00+00:00']
    """
    if value.lower() in ("all", "now"):
        return now if value.lower() == "now" else None
    ago = _AGO.fullmatch(value.lower())
    try:
        if ago:
            return _before(now, int(ago["count"]), ago["unit"])
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
        return utc(value)
    except (ValueError, OverflowError):
        is_day = re.match(r"\d{4}-\d{2}-\d{2}", value)
        said = f"{value} is no day of the calendar." if is_day else f"{value} is no moment."
        raise SearchError(said, position, "Such as 2026-01-31, 2026-01-31T08:30, 30d, or all.") from None


def _before(now: datetime, count: int, unit: str) -> datetime:
    """So long before; years are those of the calendar, and a year before 29 February is the 28th.

    >>> str(_before(datetime(2024, 2, 29, 8, tzinfo=UTC), 1, "y")), str(_before(datetime(2026, 11, 23), 2, "y"))
    ('2023-02-28 08:00:00+00:00', '2024-11-23 00:00:00')
    """
    if unit != "y":
        return now - count * _UNITS[unit]
    year = now.year - count
    return now.replace(year=year, day=28 if (now.month, now.day) == (2, 29) and not isleap(year) else now.day)
