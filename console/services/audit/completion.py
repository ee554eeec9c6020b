"""Help with typing a search: what a word could become, and a term put in the place of another."""

import re
from collections.abc import Sequence

from console.db.database import Database
from console.db.query import Query
from console.services.audit.grammar import ACTIONS, FIELDS, FLAGS, SYSTEMS
from console.services.audit.models import User
from console.services.audit.questions import quoted

NAMES = Query(__package__, "names")

MOST = 8
"""So many users are proposed."""

ENTITIES = ("PATIENT", "TASK", "USER", "HANDOVER", "HANDOVER_ITEM", "EMR_VERIFICATION", "AUDIT_LOG")
"""Kinds of things that the platform and this console write about; others can be searched for as well."""

VALUES: dict[str, tuple[str, ...]] = {
    "action": tuple(action.lower() for action in ACTIONS),
    "system": tuple(system.lower() for system in SYSTEMS),
    "entity": tuple(entity.lower() for entity in ENTITIES),
    "since": ("12h", "7d", "30d", "90d", "1y", "6y", "all"),
    "until": ("now", "12h", "7d", "30d"),
}
"""What can stand after a field's colon; users are asked of the server."""

_BEFORE = re.compile(r'(?:"[^"]*"?|[^\s"])*\Z')
_TERM = re.compile(r'(?:"[^"]*"|[^\s"])+')


def word_before(text: str, cursor: int) -> str:
    """The word that is being typed at the cursor.

    >>> word_before("since:30d act", 13), word_before("bulk ", 5), word_before('user:"ana l', 11)
    ('act', '', 'user:"ana l')
    """
    found = _BEFORE.search(text[:cursor])
    return found[0] if found else ""


def proposals(word: str, users: Sequence[str] = ()) -> list[str]:
    """What a word could become; after `user:` these users.

    >>> proposals("-ac"), proposals("action:view,ex"), proposals("a")
    (['-action:'], ['action:view,export'], ['action:', 'after-hours'])
    >>> proposals("user:a", ["ana", "ben"])
    ['user:ana']
    """
    minus = "-" if word.startswith("-") else ""
    field, colon, value = word.removeprefix("-").partition(":")
    if not colon:
        known = [*(f"{each}:" for each in sorted(FIELDS)), *FLAGS]
        return [minus + each for each in known if each.startswith(field.lower())]
    done, comma, last = value.rpartition(",")
    options = users if field.lower() == "user" else VALUES.get(field.lower(), ())
    start = f"{minus}{field}:{done}{comma}"
    return [start + quoted(each) for each in options if each.lower().startswith(last.strip('"').lower())]


def common(words: Sequence[str]) -> str:
    """How all of these words begin; a single one that is whole is followed by a blank.

    >>> common(["user:ana", "user:anna"]), common(["bulk"]), common(["action:"]), common([])
    ('user:an', 'bulk ', 'action:', '')
    """
    if len(words) == 1:
        return words[0] if words[0].endswith(":") else f"{words[0]} "
    first, last = min(words, default=""), max(words, default="")
    same = next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:same]


async def users_like(db: Database, start: str) -> list[str]:
    """Some usernames that begin so."""
    return [user.username for user in await db.fetch(NAMES, User, start=start, most=MOST)]


def with_term(text: str, field: str, term: str) -> str:
    """A search with this term in place of those of the same field; a negated one stays.

    >>> with_term("user:ben,ana since:30d -action:view", "user", "user:cem")
    'since:30d -action:view user:cem'
    >>> with_term("", "since", "since:2026-03-01 until:2026-03-02")
    'since:2026-03-01 until:2026-03-02'
    """
    kept = [word for word in _TERM.findall(text) if not word.lower().startswith(f"{field}:")]
    return " ".join([*kept, term])
