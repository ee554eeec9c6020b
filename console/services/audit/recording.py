"""Whoever looks is written down: SEARCH, VIEW, REVEAL and EXPORT events of this console, in the audit log itself.

45 CFR 164.312(b) wants activity in systems that hold patients' data recorded; a console over the audit log is one.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

import console
from console.db import operator
from console.db.database import Database
from console.db.identifiers import quote
from console.db.query import Query
from console.errors import ConsoleError, NoPrivilege, ReadOnlyServer, Refused, StatementFailed
from console.services.audit.models import User
from console.services.audit.strangers import id_of
from console.services.events import Kept, beside

RECORD = Query(__package__, "record")
USERS = Query(__package__, "users")

RUN = uuid4()
"""One for each run of this program, whichever pane somebody looks from."""

NOBODY = UUID(int=0)
"""Stands for many patients, or for none."""


@dataclass(frozen=True, slots=True)
class Access:
    """Something that a person sees by way of this console."""

    action: Literal["SEARCH", "VIEW", "REVEAL", "EXPORT"]
    """What he does."""
    patient: UUID | None = None
    """patients.id, if it is about one patient; this is no PHI."""
    about: Literal["PATIENT", "AUDIT_LOG"] = "AUDIT_LOG"
    """About patients, or about the audit log at large."""
    reason: str = ""
    """Why; reveals and exports need one."""
    detail: dict[str, object] = field(default_factory=dict)
    """More about it, without any value that could be a patient's."""
    request: UUID = field(default_factory=uuid4)
    """One for each action."""


class Recorder:
    """Writes down what one person does during one run of the console."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.session = RUN
        """His events are found together by it."""
        self._user: UUID | None = None

    async def record(self, access: Access) -> None:
        """Write it down; Refused where that cannot be done, and then nothing unmasked may be shown."""
        try:
            await self._write(access)
        except StatementFailed as error:
            await self._look_again()
            raise Refused(
                f"This cannot be recorded in the audit log, so it is not shown. {error.message}",
                state="Nothing was shown.",
                hint=await self._remedy(error),
                sqlstate=error.sqlstate,
            ) from error

    async def note(self, access: Access) -> Kept:
        """Write down what shows nothing unmasked; where the audit log takes no row, in the person's own file."""
        try:
            await self._write(access)
        except StatementFailed as error:
            await self._look_again()
            known = {"at": datetime.now(UTC), "database": self._db.target.address(), "session": str(self.session)}
            return beside(known | self._metadata(access) | {"action": access.action}, error.message)
        return Kept()

    async def _look_again(self) -> None:
        """What was read of our rights when the connection was opened is wrong by now, and the header says it."""
        if (await self._db.server()).audited:
            await self._db.look_again()

    async def _write(self, access: Access) -> None:
        await self._db.record(
            RECORD,
            action=access.action,
            entity_type=access.about,
            entity_id=access.patient or NOBODY,
            user_id=await self._who(),
            tool=f"emr-console/{console.__version__}",
            session_id=self.session,
            request_id=access.request,
            metadata=json.dumps(self._metadata(access)),
        )

    def _metadata(self, access: Access) -> dict[str, object]:
        here = operator.current()
        known: dict[str, object] = {"operator": here.user, "host": here.host}
        return known | ({"reason": access.reason} if access.reason else {}) | access.detail

    async def _who(self) -> UUID:
        """The platform's user of the operator's name, else an id made from the role that he logged in with."""
        if self._user is None:
            stranger = id_of((await self._db.server()).session_user)
            try:
                found = await self._db.fetch(USERS, User, ids=[], names=[operator.current().user])
            except ConsoleError:
                found = []
            self._user = found[0].id if found else stranger
        return self._user

    async def _remedy(self, error: StatementFailed) -> str:
        if isinstance(error, ReadOnlyServer):
            return "Connect to the primary."
        if isinstance(error, NoPrivilege):
            user = quote((await self._db.server()).user)
            return f"The owner can give the right: GRANT INSERT ON public.audit_logs TO {user};"
        return ""


def unrecorded(kept: Kept, what: str) -> str:
    """What has to be known of a search or a view that is not in the audit log; empty where it is.

    >>> unrecorded(Kept("There is no such right."), "search")
    'This search is not in the audit log: There is no such right. It is recorded nowhere.'
    """
    if not kept.why:
        return ""
    place = f"in {kept.place}" if kept.place else "nowhere"
    return f"This {what} is not in the audit log: {kept.why} It is recorded {place}."
