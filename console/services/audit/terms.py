"""A search as it may be written down: what could be a patient's is an HMAC, by which equal searches are still told."""

import hmac
import os
from collections.abc import Callable, Container
from hashlib import sha256
from pathlib import Path

from console.errors import ConsoleError
from console.services.audit.grammar import Search, Term

KEY_BYTES = 32
"""Of random, from the operating system."""

_PHI = frozenset({"patient", "text"})


def masked(search: Search, unknown: Container[str] = ()) -> str:
    """The search as it may be shown again: of patients, free texts and what is no user's name as much as elsewhere.

    >>> from datetime import UTC, datetime
    >>> from console.services.audit.grammar import parse_search
    >>> masked(parse_search("patient:TEST-000123,E-5 -action:view bulk", datetime(2026, 3, 14, tzinfo=UTC)))
    'patient:***0123,*** -action:VIEW bulk'
    """
    return " ".join(_written(term, shown, unknown) for term in search.terms)


def shown(value: str) -> str:
    """The last four characters, where that is not nearly all of it; the same as mask.mrn."""
    return f"***{value[-4:]}" if len(value) > 6 else "***"


def redacted(search: Search, key: bytes, unknown: Container[str] = ()) -> str:
    """The search in its own language; patients, free texts and what is no user's name as 128 bits of their HMAC-SHA256.

    >>> from datetime import UTC, datetime
    >>> from console.services.audit.grammar import parse_search
    >>> found = parse_search("patient:TEST-1 -action:view after-hours", datetime(2026, 3, 14, tzinfo=UTC))
    >>> redacted(found, b"key")
    'patient:hmac-sha256:c0a985cbb73a4730ef2ef477b1d341e4 -action:VIEW after-hours'
    """
    return " ".join(_written(term, lambda value: hidden(value, key), unknown) for term in search.terms)


def _written(term: Term, hide: Callable[[str], str], unknown: Container[str] = ()) -> str:
    secret = term.field in _PHI
    values = [hide(value) if secret or (term.field == "user" and value in unknown) else value for value in term.values]
    minus = "-" if term.negated else ""
    return f"{minus}{term.field}:{','.join(values)}" if values else f"{minus}{term.field}"


def hidden(value: str, key: bytes) -> str:
    """The first 128 bits of a value's HMAC-SHA256, by which equal ones are told."""
    return f"hmac-sha256:{hmac.new(key, value.encode(), sha256).hexdigest()[:32]}"


def key(folder: Path) -> bytes:
    """The key of this configuration folder, made at the first use, for this account alone."""
    path = folder / "audit.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _read(path) if path.exists() else _made(path)
    except FileExistsError:
        return _read(path)
    except (OSError, ValueError) as error:
        raise ConsoleError(
            f"The key {path}, by which searches are told without naming patients, cannot be used.",
            state="Nothing was searched.",
            hint="Make it readable for this account alone (chmod 600), or remove it: a new one is made.",
        ) from error


def _made(path: Path) -> bytes:
    fresh = os.urandom(KEY_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
        file.write(fresh.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW)) as file:
        facts = os.fstat(file.fileno())
        found = bytes.fromhex(file.read().strip())
    if facts.st_mode & 0o077 or facts.st_uid not in (0, os.geteuid()) or len(found) != KEY_BYTES:
        raise ValueError("others could know it")
    return found
