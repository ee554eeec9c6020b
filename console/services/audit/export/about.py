"""A report about one person: of somebody whom nobody knows there is none, for an empty one looks like an answer."""

from console.db.database import Database
from console.errors import UsageError
from console.services.audit import walk
from console.services.audit.export.models import Wanted
from console.services.audit.models import Identity
from console.services.audit.search import Ready
from console.services.audit.terms import shown

_STATE = "Nothing was written."


async def check(db: Database, wanted: Wanted, ready: Ready) -> None:
    """UsageError where nobody is meant; a patient who has gone still has his rows, and so has his report."""
    if not wanted.of_person:
        return
    if ready.unknown:
        names = ", ".join(map(shown, ready.unknown))
        hint = "Give the username as the platform has it, or the uuid."
        raise UsageError(f"Nobody of the users is called {names}.", state=_STATE, hint=hint)
    if ready.identity and ready.here.patients and _is_stranger(ready.identity) and not await _any_row(db, ready):
        named = ", ".join(map(shown, ready.search.values("patient") or ()))
        nobody = "No patient that row security shows to this role" if ready.here.rows_hidden else "No patient"
        raise UsageError(
            f"{nobody} has the number or id {named}, and no row of this report names it.",
            state=_STATE,
            hint="Look with emr-console patients find.",
        )


def _is_stranger(identity: Identity) -> bool:
    """Whether neither patients nor tasks know him.

    >>> _is_stranger(Identity((), (), ("TEST-1",), None)), _is_stranger(Identity((), (("EPIC", "E1"),), (), None))
    (True, False)
    """
    return identity.patient is None and not identity.pairs


async def _any_row(db: Database, ready: Ready) -> bool:
    return bool((await walk.page(db, ready, 1)).rows)
