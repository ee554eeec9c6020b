"""A walk's place as a word, so that a script can go on with `--cursor` where its last call ended."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from console.errors import UsageError
from console.services.audit.models import Cursor

DIGEST = 32
"""Hexadecimal digits of an HMAC-SHA256 that are kept: 128 bits."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands, and the span that it goes through: `30d` ago is another moment at every call."""

    text: str
    """The search, as typed."""
    since: datetime | None
    """Its oldest moment; None: back to the first row."""
    until: datetime
    """Its newest moment."""
    cursor: Cursor
    """Where it goes on."""


def written(place: Place, key: bytes) -> str:
    """A place as one word, which nobody else can make; it holds no term of the search, since those may be patients'."""
    known = {
        "search": _digest(place.text, key),
        "since": place.since and place.since.isoformat(),
        "until": place.until.isoformat(),
        "at": place.cursor.at.isoformat(),
        "id": str(place.cursor.id),
        "width": place.cursor.width,
    }
    text = json.dumps(known, separators=(",", ":"))
    return base64.urlsafe_b64encode(f"{text}{_digest(text, key)}".encode()).decode().rstrip("=")


def read(word: str, text: str, key: bytes) -> Place:
    """A place out of a word; UsageError where it was not written with this key, or is another search's.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 14, 12, tzinfo=UTC)
    >>> place = Place("user:ana", None, noon, Cursor(noon, UUID(int=7), 60.0))
    >>> read(written(place, b"key"), "user:ana", b"key") == place
    True
    >>> read(written(place, b"key"), "user:ben", b"key")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: This cursor belongs to another search.
    """
    try:
        known = _opened(word, key)
        since = datetime.fromisoformat(known["since"]) if known["since"] else None
        cursor = Cursor(datetime.fromisoformat(known["at"]), UUID(known["id"]), float(known["width"]))
        place = Place(text, since, datetime.fromisoformat(known["until"]), cursor)
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "This is no cursor of this account, database and role since the server's start.",
            state="Nothing was searched.",
            hint="Give what `next` of the last page says, or start the search anew without --cursor.",
        ) from error
    if known["search"] != _digest(text, key):
        raise UsageError(
            "This cursor belongs to another search.",
            state="Nothing was searched.",
            hint="Repeat the search letter by letter, or start it anew without --cursor.",
        )
    return place


def _opened(word: str, key: bytes) -> dict[str, Any]:
    """What a word says; ValueError where somebody else has written it."""
    whole = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    text, digest = whole[:-DIGEST], whole[-DIGEST:]
    if not hmac.compare_digest(digest.encode(), _digest(text, key).encode()):
        raise ValueError("not written with this key")
    found: dict[str, Any] = json.loads(text)
    return found


def _digest(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()[:DIGEST]
