"""Verifying seals: every sealed day is hashed again, and what differs is looked at more closely.

A row that came late from a device and one that somebody has put in look alike: both were written after the seal. What
can be proved is that the sealed rows are still the same without it; so such rows are listed apart, and a person judges.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

from console.db.query import Query
from console.db.session import Session
from console.errors import Unsupported
from console.iso import to_minute
from console.services.audit.sealing import chain, signing
from console.services.audit.sealing.models import (
    UNPROVED,
    Chain,
    Day,
    Finding,
    Head,
    Heads,
    Hear,
    Later,
    Oldest,
    Progress,
    Seal,
    State,
)
from console.services.audit.sealing.service import COLUMNS, DAYS, FIRST, READ, WINDOW, here, midnight, seals
from console.services.retention.floor import FLOOR_DAYS
from console.services.rights import naming

SHOWN = 20
"""Rows of a day that are listed."""

BEGINNING = "-infinity"
"""Before every row, also those from before year 1, which no clock of ours can say."""

_SEALED = {
    "audit_logs": Query(__package__, "audit_logs_sealed"),
    "audit_log_details": Query(__package__, "audit_log_details_sealed"),
}
_LATER = {
    "audit_logs": Query(__package__, "audit_logs_later"),
    "audit_log_details": Query(__package__, "audit_log_details_later"),
}
_HEADS = Query(__package__, "heads")

_READ = {**READ, **{f"emr_console.{name}": ("SELECT",) for name in ("seal", "seal_signature", "event")}}
"""What it takes to hash rows and to compare them."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification has found."""

    as_of: datetime
    """The server's clock at its beginning."""
    chains: list[Chain]
    """The tables."""
    findings: list[Finding]
    """What is wrong, and rows that came late; by table and day."""
    seals: list[Seal]
    """All of them."""

    @property
    def intact(self) -> bool:
        """Whether every sealed row is proved to be what it was; rows that no seal is over stand apart."""
        return all(finding.state in UNPROVED for finding in self.findings)

    @property
    def outcome(self) -> Literal["intact", "late rows", "broken", "nothing sealed"]:
        """The same in a word; where nothing is sealed, nothing is proved."""
        if not self.findings:
            return "intact" if self.seals else "nothing sealed"
        return "late rows" if self.intact else "broken"


async def verify(
    session: Session,
    known: Mapping[str, Mapping[int, str]] | None = None,
    expected: str | None = None,
    hear: Hear = lambda progress: None,
) -> Verified:
    """Hash every sealed day again.

    `known` are seals by table and number that were kept elsewhere, `expected` is the public key that signs here.
    """
    async with naming(session, _READ, "Nothing was verified."):
        return await _verified(session, known or {}, expected, hear)


async def _verified(
    session: Session, known: Mapping[str, Mapping[int, str]], expected: str | None, hear: Hear
) -> Verified:
    there = await here(session)
    if not there.ledger:
        raise Unsupported(
            "There are no seals here.", state="Nothing was verified.", hint="Make them with emr-console audit seal."
        )
    heads = await told_heads(session)
    chains, findings, every = [], [], []
    for table in COLUMNS:
        found, head = await seals(session, there, table), heads.get(table)
        findings += chain.broken(table, found, head)
        findings += chain.differing(table, found, known.get(table, {}))
        doubts = partial(signing.doubts, expected=expected, due=signing.first_due(found, head))
        findings += await _rows(session, table, found, hear, doubts)
        chains.append(_summed(table, found))
        every += found
    return Verified(there.now, chains, findings, every)


async def told_heads(session: Session) -> dict[str, Head]:
    """The ends of the chains, by the word of the last event; none where nothing was sealed yet."""
    found = await session.fetch(_HEADS, Heads)
    return found[0].heads if found else {}


async def _rows(
    session: Session, table: str, seals: Sequence[Seal], hear: Hear, doubts: Callable[[Seal], list[Finding]]
) -> list[Finding]:
    found = await _before(session, table, seals[0]) if seals else []
    done = 0
    for run in _runs(seals):
        hear(Progress(table, done, len(seals)))
        done += len(run)
        lower, upper = midnight(run[0].day), midnight(run[-1].day + _DAY)
        days = await session.fetch(DAYS[table], Day, lower=lower, upper=upper, marks=False)
        for seal, day in zip(run, days, strict=True):
            found += [*doubts(seal), *await examined(session, seal, day)]
    return found


def _runs(seals: Sequence[Seal]) -> list[list[Seal]]:
    """Seals that one statement can verify: of days in a row, also where somebody has written another day into one."""
    runs: list[list[Seal]] = []
    for seal in seals:
        if runs and len(runs[-1]) < WINDOW.days and seal.day == runs[-1][-1].day + _DAY:
            runs[-1].append(seal)
        else:
            runs.append([seal])
    return runs


async def _before(session: Session, table: str, first: Seal) -> list[Finding]:
    """Rows before the first sealed day: there were none when it was sealed, or only ones older than any platform."""
    row = (await session.fetch_one(FIRST[table], Oldest, lower=BEGINNING, upper=midnight(first.day))).at
    if row is None:
        return []
    told = f"{table} has rows from before its first seal, of {first.day}; nothing is known of them."
    return [Finding(table=table, day=row.astimezone(UTC).date(), state="unsealed", sentence=told)]


async def examined(session: Session, seal: Seal, now: Day, most: int = SHOWN) -> list[Finding]:
    """What is wrong with one day; nothing where its rows are proved. `most` rows that came later are named."""
    if seal.retired_at is not None and now.rows == 0:
        kept = (seal.retired_at.astimezone(UTC).date() - seal.day).days
        return [_found(seal, now, "retired early", [])] if kept < FLOOR_DAYS else []
    if (now.rows, now.content) == (seal.rows, seal.content):
        return []
    place = {"lower": now.day, "upper": now.day + _DAY, "table": seal.table_name, "number": seal.number}
    later = await session.fetch(_LATER[seal.table_name], Later, **place, most=most)
    rest = await session.fetch_one(_SEALED[seal.table_name], Day, **place, marks=False)
    return [_found(seal, now, _state(seal, now, rest), later)]


def _state(seal: Seal, now: Day, rest: Day) -> State:
    """What has become of a day, by what is there of its sealed rows."""
    if (rest.rows, rest.content) == (seal.rows, seal.content):
        return "late"
    return "removed" if rest.rows == now.rows < seal.rows else "changed"


def _found(seal: Seal, now: Day, state: State, later: Sequence[Later]) -> Finding:
    return Finding(
        table=seal.table_name,
        day=seal.day,
        state=state,
        sentence=_sentence(seal, now.rows, state),
        rows_sealed=seal.rows,
        rows_now=now.rows,
        later=tuple(later),
    )


def _sentence(seal: Seal, rows: int, state: State) -> str:
    more, sealed = rows - seal.rows, f"sealed {to_minute(seal.sealed_at)} UTC"
    match state:
        case "late":
            return f"Rows written after the day was {sealed}: {more:,}. The {seal.rows:,} sealed ones are unchanged."
        case "removed":
            return f"Missing rows: {-more:,} of the {seal.rows:,} that were {sealed}."
        case "retired early":
            return f"The seal is retired, but the day was kept for less than {FLOOR_DAYS:,} days."
        case _:
            return f"The rows are not those that were {sealed}: {seal.rows:,} then, {rows:,} now."


def _summed(table: str, seals: Sequence[Seal]) -> Chain:
    standing = [seal for seal in seals if seal.retired_at is None]
    signed = [seal for seal in seals if seal.signature is not None]
    return Chain(
        table=table,
        seals=len(seals),
        first=seals[0].day if seals else None,
        last=seals[-1].day if seals else None,
        rows=sum(seal.rows for seal in standing),
        retired=len(seals) - len(standing),
        head=seals[-1].seal if seals else None,
        signed=len(signed),
        signed_through=signed[-1].day if signed else None,
        keys=sorted({seal.public_key for seal in signed if seal.public_key is not None}),
    )
