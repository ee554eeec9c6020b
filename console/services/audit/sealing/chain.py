"""The chain of seals: how a seal is made of a day and of the seal before it, and where a chain is broken; pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from hashlib import sha256

from console.services.audit.sealing.models import Finding, Head, Seal

FORMAT = 1
"""How rows are hashed: sql/*_row.part and sql/days.part."""

GENESIS = "emr-console seal"
"""What every text that is hashed begins with."""

_DAY = timedelta(days=1)


def digest(seal: Seal) -> str:
    """The seal that belongs to what it says: SHA-256 of a JSON array in ASCII, without blanks, times in UTC.

    >>> from datetime import date, datetime
    >>> at = datetime(2026, 3, 16, 2, tzinfo=UTC)
    >>> known = dict(table_name="audit_logs", number=1, day=date(2026, 3, 13), rows=0, content=sha256(b"").hexdigest())
    >>> told = dict(previous=None, format=1, sealed_at=at, sealed_by="ana@ward-7", sealed_as="dba")
    >>> digest(Seal(**known, **told, seal=""))
    'd411852c80bccd50d8b0bf004db734002d58e64bcd327f5b30a92958e9749699'
    """
    told = [
        GENESIS, seal.format, seal.table_name, seal.number, seal.day.isoformat(), seal.rows, seal.content,
        seal.previous, seal.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"), seal.sealed_by,
    ]  # fmt: skip
    return sha256(json.dumps(told, separators=(",", ":")).encode("ascii")).hexdigest()


def broken(table: str, seals: Sequence[Seal], head: Head | None = None) -> list[Finding]:
    """Where a chain is broken: seals changed, missing, put in, or cut off behind what an event tells of."""
    pairs = zip([None, *seals], seals, strict=False)
    found = [_chain(seal, told) for before, seal in pairs if (told := _wrong(before, seal))]
    if head is not None and not any((seal.number, seal.seal) == (head.number, head.seal) for seal in seals):
        told = f"Seal {head.number} of {table}, of which an event tells, is not there or is another one."
        found.append(Finding(table=table, day=None, state="chain", sentence=told))
    return found


def differing(table: str, seals: Sequence[Seal], known: Mapping[int, str]) -> list[Finding]:
    """Where a chain is not the one that was exported: `known` are its seals by number."""
    there = {seal.number: seal for seal in seals}
    found = []
    for number, sealed in sorted(known.items()):
        seal = there.get(number)
        if seal is None or seal.seal != sealed:
            told = f"Seal {number} of {table} is {'not there' if seal is None else 'another one than in the file'}."
            found.append(Finding(table=table, day=seal.day if seal else None, state="chain", sentence=told))
    return found


def _wrong(before: Seal | None, seal: Seal) -> str:
    """What is wrong with a seal behind the one before it; empty if nothing."""
    name = f"Seal {seal.number} of {seal.table_name}, of {seal.day},"
    if digest(seal) != seal.seal:
        return f"{name} is not the hash of what it says: somebody has changed it."
    if seal.number != (before.number + 1 if before else 1):
        return f"{name} follows {f'seal {before.number}' if before else 'nothing'}: seals are missing before it."
    if seal.previous != (before.seal if before else None):
        return f"{name} is over another seal than the one before it: one of them was replaced."
    if before and seal.day != before.day + _DAY:
        return f"{name} does not seal the day after {before.day}."
    return ""


def _chain(seal: Seal, told: str) -> Finding:
    return Finding(table=seal.table_name, day=seal.day, state="chain", sentence=told)
