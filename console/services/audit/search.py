"""A search made ready: who and what its words mean, and the values of the shared conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.config.file import configuration
from console.db.database import Database
from console.db.identifiers import quote
from console.db.query import Query
from console.errors import NoPrivilege, Unsupported
from console.iso import to_second
from console.services.audit import bare
from console.services.audit.grammar import Search, SearchError, parse_search
from console.services.audit.identity import identify, uuid_of
from console.services.audit.models import Ahead, Before, Here, Identity, Newest, Oldest, User
from console.services.audit.standing import unreadable
from console.services.audit.strangers import roles_called, strangers
from console.services.audit.terms import shown

HERE = Query(__package__, "here")
USERS = Query(__package__, "users")
BEFORE = Query(__package__, "before")
FIRST = Query(__package__, "first")
FIRST_CHUNK = Query(__package__, "first_chunk")
NEWEST = Query(__package__, "newest")

BULK_PATIENTS = 30
"""So many different patients by one user in one hour are many."""

SKEW = timedelta(minutes=5)
"""Clocks of other machines may be so far ahead without a word."""


@dataclass
class Ready:
    """A search with everything that had to be looked up for it."""

    search: Search
    """What is wanted."""
    here: Here
    """What this database has."""
    identity: Identity | None
    """The patients meant; None where no patient is named."""
    conditions: Mapping[str, object]
    """The values of sql/conditions.part."""
    users: dict[UUID, str] = field(default_factory=dict)
    """Names of users that were looked up so far."""
    strangers: dict[UUID, str] = field(default_factory=dict)
    """What those are called who sign as roles of the server; empty until somebody unknown is found."""
    unknown: tuple[str, ...] = ()
    """Users named in the search whom nobody knows: their rows cannot be told from others'."""
    begins: datetime | None = None
    """The oldest moment that is wanted and can have rows; None until somebody has looked for it."""
    beyond: bool = False
    """Whether there are rows that are dated later than it reaches, though it says no end."""
    before: bool = False
    """The same of its beginning: before year 1."""
    zone: str = "UTC"
    """By which time zone hours are late; the same as in a review."""
    ahead: Ahead | None = None
    """What the last page has read beyond its end; None if nothing."""

    def name(self, user: UUID) -> str | None:
        """What somebody is called; None where nobody knows."""
        return self.users.get(user) or self.strangers.get(user)

    @property
    def remarks(self) -> list[str]:
        """What has to be known of what it finds, in sentences."""
        said = [f"Nobody of the users is called {', '.join(map(shown, self.unknown))}."] if self.unknown else []
        if self.identity and self.identity.alone and self.here.patients:
            alone = ", ".join(map(shown, self.identity.alone))
            said.append(f"No patient has the number or id {alone}; only rows that name it themselves are found.")
        said += bare.remarks(self.search)
        if self.here.rows_hidden:
            said.append("Row security hides patients from this role: rows that name them otherwise may be missing.")
        if self.search.flag("after-hours") is not None:
            said.append(f"After hours is before 07:00, from 19:00 on, and at weekends, {self.zone} time.")
        said += self.of_its_end
        if self.before:
            said.append("Rows dated before the year 1 are in the log, which no search shows.")
        return said

    @property
    def of_its_end(self) -> list[str]:
        """Those about its end, where it has said none."""
        said = []
        if self.search.open and not self.of_ahead and self.search.until - self.here.now > SKEW:
            last = f"{to_second(self.search.until)} UTC"
            said.append(
                f"The log has rows dated ahead of the server's clock, up to {last}: they are searched, too;"
                " until:now leaves them out."
            )
        if self.beyond:
            said.append("Rows dated 9999-12-30 or later are in the log, which this search leaves out.")
        return said

    @property
    def of_ahead(self) -> bool:
        """Whether nothing but what is dated ahead of the clock is wanted."""
        return self.search.since is not None and self.search.since >= self.here.now

    @property
    def selective(self) -> bool:
        """Whether so few rows are wanted that a wide window costs no more than a narrow one."""
        return any(self.conditions[name] is not None for name in _SELECTIVE)


_SELECTIVE = ("patient_ids", "user_ids", "entity_ids", "sessions", "requests", "ids")


async def ready(db: Database, text: str, *, bulk_patients: int = BULK_PATIENTS) -> Ready:
    """Understand a search and look up whom it means."""
    here = await _here(db)
    search, beyond = await _reaching(db, parse_search(text, here.now))
    before = search.since is None and (await db.fetch(BEFORE, Before))[0].before
    patients, others = search.values("patient"), search.values("patient", negated=True)
    identity = await identify(db, here, patients) if patients else None
    excluded = await identify(db, here, others) if others else None
    users = await _users(db, here, search)
    names = {name: user for user, name in users.items()}
    conditions = _conditions(search, names) | _of_patients(identity, excluded)
    zone = configuration().settings.review(db.target.profile).time_zone
    conditions |= {"time_zone": zone, "bulk_patients": bulk_patients}
    asked = (*(search.values("user") or ()), *(search.values("user", negated=True) or ()))
    unknown = tuple(name for name in asked if name not in names and uuid_of(name) is None)
    return Ready(search, here, identity, conditions, users, unknown=unknown, beyond=beyond, before=before, zone=zone)


async def _reaching(db: Database, search: Search) -> tuple[Search, bool]:
    """A search that says no end, up to the newest row of all; and whether there are rows beyond that."""
    if not search.open:
        return search, False
    found = (await db.fetch(NEWEST, Newest, now=search.until))[0]
    until = found.newest or search.until
    if search.since is not None and search.since >= until:
        raise SearchError(
            "since: is ahead of the server's clock, and no row is dated between it and 9999-12-30.",
            search.text.lower().index("since:"),
            "Rows of that day or later are found with until:9999-12-31T23:59." if found.beyond else "",
        )
    return replace(search, until=until), found.beyond


async def _here(db: Database) -> Here:
    here = (await db.fetch(HERE, Here))[0]
    if not here.audit_logs:
        raise Unsupported(
            f"There is no audit log in {(await db.server()).database}.",
            state="Nothing was searched.",
            hint="It comes with migration 002: emr-console migrate up.",
        )
    if not here.readable:
        raise unreadable((await db.server()).user)
    return here


async def oldest(db: Database, here: Here) -> Oldest:
    """Where the audit log begins, asked only by searches that go back to the first row."""
    server = await db.server()
    if server.flavour != "plain":
        return (await db.fetch(FIRST_CHUNK, Oldest))[0]
    if here.oldest_bound is not None and not here.default_in_use:
        return Oldest(oldest=here.oldest_bound)
    return (await db.fetch(FIRST, Oldest))[0]


async def since(db: Database, ready: Ready) -> datetime:
    """The oldest moment that is wanted and can have rows; looked up no more than once."""
    if ready.begins is None:
        wanted, until = ready.search.since, ready.search.until
        ready.begins = wanted or min((await oldest(db, ready.here)).oldest or until, until)
    return ready.begins


async def _users(db: Database, here: Here, search: Search) -> dict[UUID, str]:
    wanted = (*(search.values("user") or ()), *(search.values("user", negated=True) or ()))
    roles = await roles_called(db, wanted)
    names = [name for name in wanted if name not in roles.values()]
    if not here.users:
        if all(uuid_of(name) for name in names):
            return roles
        user = (await db.server()).user
        raise NoPrivilege(
            "This role may not read users, so that nobody can be found by name.",
            state="Nothing was searched.",
            hint=f"Give the uuid, or let the owner say: GRANT SELECT (id, username) ON public.users TO {quote(user)};",
        )
    found = await db.fetch(USERS, User, ids=_uuids(names), names=names) if names else []
    return roles | {user.id: user.username for user in found}


async def named(db: Database, ready: Ready, ids: Sequence[UUID]) -> None:
    """Look up the names of users that are not known yet."""
    missing = sorted(set(ids) - ready.users.keys())
    if missing and ready.here.users:
        found = await db.fetch(USERS, User, ids=missing, names=[])
        ready.users.update({user.id: user.username for user in found})
    if not ready.strangers and set(missing) - ready.users.keys():
        ready.strangers.update(await strangers(db))


def _conditions(search: Search, names: Mapping[str, UUID]) -> dict[str, object]:
    """The values of every condition but those of patients; None where nothing is wanted."""
    entities, others = search.values("entity"), search.values("entity", negated=True)
    return {
        "user_ids": _ids(search.values("user"), names),
        "not_user_ids": _ids(search.values("user", negated=True), names),
        "actions": _list(search.values("action")),
        "not_actions": _list(search.values("action", negated=True)),
        "entity_types": [each for each in entities or () if uuid_of(each) is None] or None,
        "not_entity_types": [each for each in others or () if uuid_of(each) is None] or None,
        "entity_ids": _uuids(entities or ()) or None,
        "not_entity_ids": _uuids(others or ()) or None,
        "systems": _list(search.values("system")),
        "not_systems": _list(search.values("system", negated=True)),
        "networks": _list(search.values("ip")),
        "not_networks": _list(search.values("ip", negated=True)),
        "sessions": _list(search.values("session")),
        "not_sessions": _list(search.values("session", negated=True)),
        "requests": _list(search.values("request")),
        "not_requests": _list(search.values("request", negated=True)),
        "ids": _list(search.values("id")),
        "not_ids": _list(search.values("id", negated=True)),
        "texts": _patterns(search.values("text")),
        "not_texts": _patterns(search.values("text", negated=True)),
        "after_hours": search.flag("after-hours"),
        "bulk": search.flag("bulk"),
    }


def _of_patients(wanted: Identity | None, excluded: Identity | None) -> dict[str, object]:
    def values(identity: Identity | None) -> tuple[object, object, object, object]:
        if identity is None:
            return None, None, None, None
        pairs = [f"{system} {emr_id}" for system, emr_id in identity.pairs]
        return list(identity.ids), [emr_id for _, emr_id in identity.pairs], pairs, list(identity.alone)

    ids, emr_ids, pairs, alone = values(wanted)
    not_ids, _, not_pairs, not_alone = values(excluded)
    return {
        "patient_ids": ids, "emr_ids": emr_ids, "pairs": pairs, "alone": alone,
        "not_patient_ids": not_ids, "not_pairs": not_pairs, "not_alone": not_alone,
    }  # fmt: skip


def _ids(words: Sequence[str] | None, names: Mapping[str, UUID]) -> list[UUID] | None:
    """The users meant; a name that nobody has finds nobody, rather than everybody."""
    if words is None:
        return None
    found = [names.get(word) or uuid_of(word) for word in words]
    return [user for user in found if user is not None]


def _list(values: Sequence[object] | None) -> list[object] | None:
    return None if values is None else list(values)


def _patterns(texts: Sequence[str] | None) -> list[str] | None:
    r"""LIKE patterns of texts that may stand anywhere.

    >>> _patterns(["50%_"])
    ['%50\\%\\_%']
    """
    if texts is None:
        return None
    quoted = (text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for text in texts)
    return [f"%{text}%" for text in quoted]


def _uuids(words: Sequence[str]) -> list[UUID]:
    return [found for word in words if (found := uuid_of(word)) is not None]
