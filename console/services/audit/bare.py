"""Words of a search that stand alone and look like somebody's number: that they are looked for in the text is said."""

import re
from collections.abc import Iterator

from console.services.audit.grammar import Search
from console.services.audit.identity import uuid_of
from console.services.audit.terms import shown

_NUMBER = re.compile(r"(?=.*\d{3})[\w.-]+")
"""One word with a number in it, as record numbers and ids in an EMR are; names have no digits."""


def remarks(search: Search) -> Iterator[str]:
    """A sentence for each of them, masked as the search itself is.

    >>> from datetime import UTC, datetime
    >>> from console.services.audit.grammar import parse_search
    >>> for said in remarks(parse_search('TEST-0000123 "ward 304" fever', datetime(2026, 3, 14, tzinfo=UTC))):
    ...     print(said)
    ***0123 was looked for in the text; patient:***0123 finds a patient's rows.
    """
    for word in (*(search.values("text") or ()), *(search.values("text", negated=True) or ())):
        masked = shown(word)
        if uuid_of(word) is not None:
            fields = "patient:, user:, entity:, session:, request: or id:"
            yield f"{masked} was looked for in the text; with {fields} before it, it finds the rows it belongs to."
        elif _NUMBER.fullmatch(word):
            yield f"{masked} was looked for in the text; patient:{masked} finds a patient's rows."
