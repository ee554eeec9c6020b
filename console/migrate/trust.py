"""Whose ledger it is. What a stranger has made beforehand, or hung on it, is neither read nor written: it would run
with the rights of whoever migrates."""

from collections.abc import Sequence

from console.db.identifiers import quote
from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.models import Presence, Stranger

PRESENCE = Query(__package__, "presence")
"""Which ledgers are here, and what of them is in a stranger's hands; `role` is one that is to be trusted besides."""

_SHOWN = 3
_WHY = {
    "owner": "{object} belongs to {owner}",
    "trigger": "{object} runs a function of {owner}",
    "more": "{object} belongs to {owner} and is more than a plain table",
    "right": "{owner} may write {object}",
    "shadow": "{object} of {owner} has the name of one of PostgreSQL's own",
}


async def require_trusted(session: Session) -> Presence:
    """Which ledgers are here; Refused when a stranger has his hands in one."""
    presence = await session.fetch_one(PRESENCE, Presence, role=None)
    refused = refusal(presence) or _shadowed(presence)
    if refused is not None:
        raise refused
    return presence


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


def _shadowed(presence: Presence) -> Refused | None:
    """Why no file is run here: names in it could be a stranger's; None when PostgreSQL's own are the only ones."""
    if not presence.shadows:
        return None
    return Refused(
        f"A migration could run a stranger's code here: {_listed(presence.shadows)}.",
        state="Nothing was changed.",
        hint=_whose(presence.shadows),
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
