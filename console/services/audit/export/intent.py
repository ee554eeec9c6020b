"""What is known of an export before its first row, as its event and its manifest say it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import console
from console import reasons
from console.config.file import default_path
from console.db import operator
from console.db.database import Database
from console.db.server import Server
from console.errors import UsageError
from console.iso import to_minute, to_second
from console.services.audit import overview, revealing, search, terms
from console.services.audit.export import about
from console.services.audit.export.models import Snapshot, Wanted
from console.services.audit.recording import RUN, Access
from console.services.audit.search import Ready
from console.services.audit.standing import standing


@dataclass(frozen=True, slots=True)
class Intent:
    """An export that is about to begin."""

    wanted: Wanted
    """What somebody wants."""
    ready: Ready
    """Whom its words mean."""
    span: tuple[datetime, datetime]
    """From when to when, both included."""
    access: Access
    """How it is written down."""
    server: Server
    """Where it comes from."""
    remark: str
    """What has to be known before one trusts it; empty if nothing."""
    started_at: datetime
    """Our clock."""

    def outcome(self, word: str, **known: object) -> Access:
        """The same access with what became of it."""
        return replace(self.access, detail=self.access.detail | {"outcome": word} | known)

    def printed(self, seen: Snapshot) -> dict[str, str]:
        """What a reader of the page for print has to know."""
        since, until = self.span
        return {
            "Search": terms.masked(self.ready.search, self.ready.unknown) or "everything",
            "From": f"{to_minute(since)} to {to_minute(until)} UTC",
            "As of": f"{to_second(seen.taken_at)} UTC, {self.server.database}",
            "Requested by": str(operator.current()),
            "Reason": self.wanted.reason,
        } | ({"Remark": self.remark} if self.remark else {})

    def told(self) -> dict[str, object]:
        """The first part of the manifest."""
        server, here = self.server, operator.current()
        return {
            "tool": f"emr-console {console.__version__}",
            "title": self.wanted.title,
            "format": self.wanted.format,
            "masked": self.wanted.masked,
            "query": self.access.detail["search"],
            "window": {"since": self.span[0].isoformat(), "until": self.span[1].isoformat()},
            "server": {"version": server.version, "flavour": server.flavour, "timescaledb": server.timescaledb,
                       "database": server.database},
            "requester": {"operator": here.user, "host": here.host, "session_user": server.session_user},
            "reason": self.wanted.reason,
            "session_id": str(RUN),
            "request_id": str(self.access.request),
            "remark": self.remark or None,
            "started_at": self.started_at.isoformat(),
        }  # fmt: skip


async def intend(db: Database, wanted: Wanted) -> Intent:
    """Understand what is wanted; UsageError where it or its reason cannot be."""
    if trouble := reason_trouble(wanted):
        raise UsageError(trouble, state="Nothing was exported.")
    ready = await search.ready(db, wanted.query)
    await about.check(db, wanted, ready)
    since, until = await overview.span(db, ready)
    patient = ready.identity.patient if ready.identity else None
    detail: dict[str, object] = {
        "search": terms.redacted(ready.search, terms.key(default_path().parent), ready.unknown),
        "since": since.isoformat(), "until": until.isoformat(), "format": wanted.format, "masked": wanted.masked,
    }  # fmt: skip
    access = Access("EXPORT", patient, "PATIENT" if ready.identity else "AUDIT_LOG", wanted.reason, detail)
    remark = " ".join(part for part in (wanted.remark, *ready.remarks, (await standing(db)).aside) if part)
    return Intent(wanted, ready, (since, until), access, await db.server(), remark, datetime.now(UTC))


def reason_trouble(wanted: Wanted) -> str:
    """What is wrong with the reason; empty if nothing. What names patients needs a code, as a reveal does."""
    if not wanted.masked:
        return revealing.reason_trouble(wanted.reason)
    return reasons.reason_trouble(wanted.reason)
