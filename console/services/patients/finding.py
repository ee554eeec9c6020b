"""Finding patients by what a person knows of them; every search is written down, and nothing comes back unmasked."""

from dataclasses import dataclass
from uuid import UUID

from console.config.file import default_path
from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.query import Query
from console.errors import NoPrivilege, Unsupported
from console.services.audit import terms
from console.services.audit.recording import Access, Recorder, unrecorded
from console.services.events import Kept
from console.services.patients.found_models import Encrypted, Patient, Standing
from console.services.patients.wanted import UNSEARCHED, Wanted, spellings

STANDING = Query(__package__, "standing")
FIND = Query(__package__, "find")
ANY_CASE = Query(__package__, "any_case")
SIMILAR = Query(__package__, "similar")
ENCRYPTED = Query(__package__, "encrypted")

MOST = 100
"""Patients that are shown; whoever finds more has said too little."""

HIDDEN = "Row security hides patients from this role: more may be there."
"""What has to be known where our role is not their owner."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found."""

    shown: str
    """What was searched, masked."""
    rows: tuple[Patient, ...]
    """The patients, those of exactly that number first, then by name."""
    more: bool
    """Whether there are more than these."""
    similar: bool
    """Whether no name begins so, and these are only similar."""
    encrypted: Encrypted
    """Whether names can be searched at all; where none was searched, nothing is said."""
    rows_hidden: bool
    """Whether row security hides patients from our role."""
    kept: Kept
    """Where the search is written down."""

    @property
    def remark(self) -> str:
        """What has to be known about it; empty if nothing."""
        said = [_UNSEARCHABLE] if self.encrypted.every else [_PARTLY] if self.encrypted.some else []
        if self.more:
            said.append(f"More than {MOST} patients: the first of them are shown.")
        if self.similar:
            said.append("No name begins so; these are similar.")
        if self.rows_hidden:
            said.append(HIDDEN)
        return " ".join([*said, unrecorded(self.kept, "search")]).rstrip()


_INSTEAD = "A record number, an id in an EMR or a date of birth can be searched for."
_UNSEARCHABLE = f"Names are encrypted by the application here, and cannot be searched. {_INSTEAD}"
_PARTLY = f"Some names are encrypted by the application, and cannot be searched. {_INSTEAD}"
_READABLE = Encrypted(some=False, every=False)


async def standing(db: Database) -> Standing:
    """Whether patients can be searched; Unsupported before 004, NoPrivilege where our role may not read them."""
    server = await db.server()
    here = (await db.fetch(STANDING, Standing))[0]
    if not here.patients:
        raise Unsupported(
            f"There is no table of patients in {server.database}.",
            state=UNSEARCHED,
            hint="It comes with migration 004: emr-console migrate up.",
        )
    if not here.readable:
        raise NoPrivilege(
            f"Patients stand in public.patients, which {server.user} may not read.",
            state=UNSEARCHED,
            hint=f"Its owner can give the right: GRANT SELECT ON public.patients TO {quote(server.user)};",
        )
    return here


async def find(db: Database, recorder: Recorder, wanted: Wanted) -> Found:
    """Patients who fit a line, and that they were searched, written down."""
    here = await standing(db)
    rows, similar, encrypted = await _rows(db, here, wanted)
    kept = await _note(recorder, wanted, rows)
    shown = tuple(rows[:MOST])
    return Found(wanted.shown, shown, len(rows) > MOST, similar, encrypted, here.rows_hidden, kept)


async def _rows(db: Database, here: Standing, wanted: Wanted) -> tuple[list[Patient], bool, Encrypted]:
    """Who fits, one too many; whether they are only similar; and how the names look that were searched."""
    known: dict[str, object] = {"id": wanted.id, "word": wanted.word, "born": wanted.born, "most": MOST + 1}
    asked: Request[Patient] = Request(FIND, Patient, known | _names(wanted))
    if wanted.last is None:
        return (await db.ask(asked)).rows(asked), False, _READABLE
    looks: Request[Encrypted] = Request(ENCRYPTED, Encrypted)
    answers = await db.ask(asked, looks)
    rows, encrypted = answers.rows(asked), answers.rows(looks)[0]
    if rows or encrypted.every:
        return rows, False, encrypted
    name = {"last": wanted.last, "first": wanted.first, "born": wanted.born, "most": MOST + 1}
    if rows := await db.fetch(ANY_CASE, Patient, **name):
        return rows, False, encrypted
    alike = await db.fetch(SIMILAR.in_schema(here.trgm), Patient, **name) if here.trgm else []
    return alike, bool(alike), encrypted


def _names(wanted: Wanted) -> dict[str, object]:
    """How the names may begin, in the spellings that an index can be asked for."""
    lasts = spellings(wanted.last) if wanted.last else (None, None, None)
    firsts = list(spellings(wanted.first)) if wanted.first else None
    return {"typed": lasts[0], "titled": lasts[1], "upper": lasts[2], "firsts": firsts}


async def _note(recorder: Recorder, wanted: Wanted, rows: list[Patient]) -> Kept:
    hidden = terms.hidden(wanted.known_as, terms.key(default_path().parent))
    patient: UUID | None = rows[0].id if len(rows) == 1 else None
    detail: dict[str, object] = {"search": f"find:{hidden}", "found": min(len(rows), MOST)}
    return await recorder.note(Access("SEARCH", patient, "PATIENT", detail=detail))
