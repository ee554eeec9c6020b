"""Which patient is meant: one line, in which nothing has to be quoted.

TEST-000123             a record number, or an id in an EMR
3484582e-6b98-...       a patient's uuid
1980-02-03              a date of birth; `born:1980-02-03` beside a name
Testson, An             how a last name begins, and after a comma how the first one does; what has a digit is no name
"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from console.errors import UsageError
from console.services.audit import terms

LONGEST = 200
"""Characters of a line; no name needs more."""

UNSEARCHED = "Nothing was searched."

_BORN = re.compile(r"(?:^|\s)born:(\S*)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line means; everything but the id is a patient's data, and never shown as it is."""

    id: UUID | None = None
    """patients.id."""
    word: str | None = None
    """A record number, an id in an EMR, or a name as it was typed."""
    born: date | None = None
    """A date of birth."""

    @property
    def is_name(self) -> bool:
        """Whether the word can be a name: those have no digits."""
        return self.word is not None and not any(sign.isdigit() for sign in self.word)

    @property
    def last(self) -> str | None:
        """How the last name begins."""
        return self.word.partition(",")[0].strip() if self.word and self.is_name else None

    @property
    def first(self) -> str | None:
        """How the first name begins; None where that was not said."""
        return (self.word.partition(",")[2].strip() or None) if self.word and self.is_name else None

    @property
    def shown(self) -> str:
        """The line as it may stand on a screen.

        >>> [wanted(text).shown for text in ("TEST-000123", "testson, an born:1980-02-03")]
        ['***0123', 'T***, A*** born 1980']
        """
        said = [str(self.id)] if self.id else []
        if self.is_name:
            said.append(", ".join(f"{name[0].upper()}***" for name in (self.last, self.first) if name))
        elif self.word:
            said.append(terms.shown(self.word))
        return " ".join([*said, *([f"born {self.born.year}"] if self.born else [])])

    @property
    def known_as(self) -> str:
        """The same for every spelling of a line, for its HMAC."""
        return " ".join(str(part).casefold() for part in (self.id, self.word, self.born) if part is not None)


def spellings(name: str) -> tuple[str, str, str]:
    """How a name that was typed somehow may be stored.

    >>> spellings("o'testson")
    ("o'testson", "O'Testson", "O'TESTSON")
    """
    return name, name.title(), name.upper()


def wanted(text: str) -> Wanted:
    """Understand a line; UsageError says what is wrong, without a word of it.

    >>> wanted("1980-02-03").born, wanted("Testson born:1980-02-03").last
    (datetime.date(1980, 2, 3), 'Testson')
    >>> wanted("1980-02-30")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: There is no such day in the calendar.
    """
    days = _BORN.findall(text)
    rest = _BORN.sub(" ", text).strip()
    if len(days) > 1 or len(text) > LONGEST or "\0" in text or not _is_text(text):
        raise _wrong("This cannot be searched for.")
    born = _day(days[0]) if days else None
    if born is None and _DAY.fullmatch(rest):
        return Wanted(born=_day(rest))
    if not rest.strip(","):
        if born is None:
            raise _wrong("There is nothing to search for.")
        return Wanted(born=born)
    if _UUID.fullmatch(rest):
        return Wanted(id=UUID(rest), born=born)
    if rest.startswith(","):
        raise _wrong("The last name stands before the comma.")
    return Wanted(word=rest, born=born)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise _wrong("There is no such day in the calendar.")


def _is_text(text: str) -> bool:
    """Whether it can be sent at all: a command line may hold bytes that are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _wrong(message: str) -> UsageError:
    hint = "Such as a record number, an id in an EMR, born:1980-02-03, or how a last name begins."
    return UsageError(message, state=UNSEARCHED, hint=hint)
