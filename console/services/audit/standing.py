"""Whether the audit log can be searched here, and which rows no search reads."""

from dataclasses import dataclass

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.query import Query
from console.errors import NoPrivilege, Unsupported
from console.row import Row

STANDING = Query(__package__, "standing")
KEPT_ASIDE = Query(__package__, "kept_aside")


class Log(Row):
    """The audit log."""

    audit_logs: bool
    """Whether it is there."""
    readable: bool
    """Whether our role may read it."""
    recorded: bool
    """Whether it may write there now, whatever it might when the connection was opened."""


class Aside(Row):
    """A table of rows that a rollback kept."""

    name: str
    """Its name."""
    readable: bool
    """Whether our role may count them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the audit log stands here."""

    recorded: bool
    """Whether what is looked at is recorded in it."""
    unsearched: int = 0
    """Rows in backups, which are not searched; of those that our role may count."""
    backups: int = 0
    """Backups that hold rows, or may."""

    @property
    def aside(self) -> str:
        """Which rows are not searched; empty where all are.

        >>> Standing(True, 48_211, 1).aside
        '48,211 rows in 1 backup of audit_logs are not searched: 002 takes them back.'
        """
        if not self.backups:
            return ""
        rows = f"{self.unsearched:,} rows" if self.unsearched else "Rows"
        many = "s" if self.backups > 1 else ""
        return f"{rows} in {self.backups} backup{many} of audit_logs are not searched: 002 takes them back."

    @property
    def unrecorded(self) -> str:
        """What follows where searches cannot be recorded; empty where they can."""
        if self.recorded:
            return ""
        return "Searches are not recorded in the audit log: a standby, or no right to insert. Nothing can be revealed."


async def standing(db: Database) -> Standing:
    """How it stands; Unsupported where there is none, NoPrivilege where our role may not read it."""
    log: Request[Log] = Request(STANDING, Log)
    aside: Request[Aside] = Request(KEPT_ASIDE, Aside)
    answers = await db.ask(log, aside)
    server = await db.server()
    here = answers.rows(log)[0]
    if not here.audit_logs:
        raise Unsupported(
            f"There is no audit log in {server.database}.",
            hint="It comes with migration 002: emr-console migrate up.",
        )
    if not here.readable:
        raise unreadable(server.user)
    counted = [await _count(db, each) for each in answers.rows(aside)]
    holding = [count for count in counted if count != 0]
    if here.recorded is not server.audited:
        await db.look_again()
    return Standing(here.recorded, sum(count or 0 for count in holding), len(holding))


def unreadable(user: str) -> NoPrivilege:
    """Said to a role that may not read the audit log."""
    return NoPrivilege(
        f"The audit log stands in public.audit_logs, which {user} may not read.",
        state="Nothing was searched.",
        hint=f"Its owner can give the right: GRANT SELECT ON public.audit_logs TO {quote(user)};",
    )


async def _count(db: Database, aside: Aside) -> int | None:
    """Its rows; None where our role may not count them."""
    if not aside.readable:
        return None
    async with db.asking() as session:
        _, ((rows,),) = await session.rows(f"select count(*) from public.{quote(aside.name)}")
    return int(rows)
