"""Whose ledger it is. What a stranger has made beforehand, or hung on it, is neither read nor written: it would run
with the rights of whoever migrates."""

from collections.abc import Mapping, Sequence

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import Refused
from console.migrate.models import Presence, Shadows, Stranger

PRESENCE = Query(__package__, "presence")
"""Which ledgers are here, and what of them is in a stranger's hands; `role` is one that is to be trusted besides."""

_SHADOWS = Query(__package__, "shadows")

_SHOWN = 3
_WHY = {
    "owner": "{object} belongs to {owner}",
    "trigger": "{object} runs a function of {owner}",
    "more": "{object} belongs to {owner} and is more than a plain table",
    "right": "{owner} may write {object}",
    "path": "{object} belongs to {owner} and is on the search path",
    "shadow": "{object} of {owner} has the name of one of PostgreSQL's own",
}


async def require_trusted(session: Session) -> Presence:
    """Which ledgers are here; Refused when a stranger has his hands in one."""
    presence = await session.fetch_one(PRESENCE, Presence, role=None)
    refused = refusal(presence) or _shadowed(presence.shadows)
    if refused is not None:
        raise refused
    return presence


async def opened(
    target: Target, lane: str, *, settings: Mapping[str, str], read_only: bool = False, role: str | None = None
) -> Session:
    """A session in which names are found as its role finds them, where nothing of a stranger's is found before them."""
    session = await Session.open(target, lane, settings=settings, read_only=read_only)
    try:
        await refuse_shadows(session, role)
    except BaseException:
        await session.close()
        raise
    return session


async def refuse_shadows(session: Session, role: str | None = None) -> None:
    """Refused where a stranger's function, operator or schema is found before what is meant.

    For a session whose search path is not ours, before anything is asked in it; `role` is trusted besides the one that
    signed in.
    """
    refused = _shadowed((await session.fetch_one(_SHADOWS, Shadows, role=role)).shadows)
    if refused is not None:
        raise refused


def refusal(presence: Presence) -> Refused | None:
    """Why nothing is done with these ledgers, naming what and whose; None when all of it is in known hands."""
    strangers = presence.strangers
    if not strangers:
        return None
    return Refused(
        f"The migration engine's tables are in a stranger's hands: {_listed(strangers)};"
        " what hangs on them would run with your rights.",
        state="Nothing of them was read or changed.",
        hint=" ".join(filter(None, (_whose([each for each in strangers if not each.rights]), _revoked(strangers)))),
    )


def _shadowed(shadows: list[Stranger]) -> Refused | None:
    """Why no file is run here: names in it could be a stranger's; None when PostgreSQL's own are the only ones."""
    if not shadows:
        return None
    return Refused(
        f"A stranger's code could run with your rights here: {_listed(shadows)}.",
        state="Nothing was changed.",
        hint=_whose(shadows),
    )


def _whose(strangers: Sequence[Stranger]) -> str:
    """What to do about what belongs to strangers."""
    if not strangers:
        return ""
    owners = ", ".join(sorted({stranger.owner for stranger in strangers}))
    return (
        f"If {owners} is to migrate this database, name it as migrate.role in the profile or become a member of it."
        " Else let a DBA look at it, then drop it or give it to the right role (ALTER ... OWNER TO)."
    )


def _revoked(strangers: Sequence[Stranger]) -> str:
    """What takes the rights of strangers back."""
    given: dict[tuple[str, str], list[str]] = {}
    for each in strangers:
        if each.rights:
            given.setdefault((each.owner, ", ".join(each.rights)), []).append(each.object.partition(" ")[2])
    lines = [
        f"REVOKE {rights} ON {', '.join(tables)} FROM {owner if owner == 'PUBLIC' else quote(owner)} CASCADE;"
        for (owner, rights), tables in sorted(given.items())
    ]
    return f"The owner or a superuser can take the rights back: {' '.join(lines)}" if lines else ""


def _listed(strangers: list[Stranger]) -> str:
    said = [_WHY[stranger.why].format(object=stranger.object, owner=stranger.owner) for stranger in strangers[:_SHOWN]]
    more = len(strangers) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more else "")
