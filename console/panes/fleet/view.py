"""The fleet pane: one line a configured server, those in trouble with the reason."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from console.db.database import Database
from console.panes.fleet.models import Member, Snapshot
from console.panes.fleet.service import Fleet
from console.ui.columns import Column, Kind, Tone
from console.ui.facts import Fact
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.table import LineTable
from console.ui.text import age

LEAST_INTERVAL = 10.0
"""Seconds between two looks at the fleet, at least: each makes a connection to every server."""

FULL = 0.8
"""Of the connections a server can have; from there on it is marked."""


def name_drawn(member: Member) -> str:
    """The profile; that it is production is said where its name does not."""
    production = " PROD" if member.production and member.name != "production" else ""
    return f"{member.name}{production}{' (here)' if member.profile.here else ''}"


def place(member: Member) -> str | None:
    """Where it is."""
    profile = member.profile
    return f"{profile.host}/{profile.database}" if profile.host else None


def state(member: Member) -> str:
    """What it is, or that it is not there."""
    if member.found is None:
        return "away" if member.asked else "refused"
    return member.found.role


def state_drawn(member: Member) -> str:
    """The same with a sign; production in capitals."""
    sign = "✖" if member.found is None else "●"
    return f"{sign} {state(member)}"


def state_tone(member: Member) -> Tone:
    """Who is not there stands out."""
    return Tone.ERROR if member.found is None else Tone.OK


def used(member: Member) -> str | None:
    """Connections used, of how many."""
    found = member.found
    return f"{found.connections}/{found.connection_limit}" if found and found.connections is not None else None


def used_tone(member: Member) -> Tone:
    """Nearly full stands out."""
    found = member.found
    if found is None or not found.connection_limit:
        return Tone.PLAIN
    return Tone.WARNING if (found.connections or 0) >= FULL * found.connection_limit else Tone.PLAIN


def migrations(member: Member) -> str | None:
    """Migrations applied, of how many; a question mark where our role may not know."""
    found = member.found
    if found is None or found.migrations is None:
        return None
    return f"{'?' if found.applied is None else found.applied}/{found.migrations}"


def migrations_tone(member: Member) -> Tone:
    """One that is behind stands out."""
    found = member.found
    behind = found is not None and found.applied is not None and found.applied != found.migrations
    return Tone.WARNING if behind else Tone.PLAIN


COLUMNS: tuple[Column[Member], ...] = (
    Column(id="profile", title="profile", value=lambda m: m.name, drawn=name_drawn, width=14,
           tone=lambda m: Tone.ERROR if m.production else Tone.PLAIN),
    Column(id="state", title="state", value=state, drawn=state_drawn, tone=state_tone, width=9),
    Column(id="used", title="used", value=used, tone=used_tone, width=7),
    Column(id="waits", title="waits", value=lambda m: m.found and m.found.blocked, width=5, kind=Kind.NUMBER,
           tone=lambda m: Tone.WARNING if m.found and m.found.blocked else Tone.PLAIN),
    Column(id="tx", title="tx", value=lambda m: m.found and m.found.longest_transaction, width=5, kind=Kind.SECONDS),
    Column(id="migrations", title="migr", value=migrations, tone=migrations_tone, width=5),
    Column(id="lag", title="lag", value=lambda m: m.found and m.found.lag, width=5, kind=Kind.SECONDS, priority=3),
    Column(id="version", title="version", value=lambda m: m.found and m.found.version, width=7, priority=4),
    Column(id="flavour", title="flavour", value=lambda m: m.found and m.found.flavour, width=9, priority=6),
    Column(id="env", title="environment", value=lambda m: m.profile.environment, width=11, priority=7),
    Column(id="place", title="host/database", value=place, width=20, priority=5),
    Column(id="trouble", title="trouble", value=lambda m: m.error or None, width=26, priority=2, grows=True),
)  # fmt: skip
"""What is shown of a server; without room the highest priorities go first."""


class FleetPane(Pane[Database, Snapshot]):
    """Every configured server at a glance."""

    NAME: ClassVar = "fleet"
    TITLE: ClassVar = "Fleet"
    SHORT: ClassVar = "Fleet"
    KEY: ClassVar = "F"
    INTERVAL: ClassVar = 30.0
    ELSEWHERE: ClassVar = True

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._fleet = Fleet(database)

    def body(self) -> ComposeResult:
        """The servers."""
        yield Listing(COLUMNS, key=lambda m: m.name, as_json=Member.as_json)

    def prefer(self, interval: float | None) -> None:
        """Never as often as a pane that asks one server only."""
        super().prefer(interval and max(interval, LEAST_INTERVAL))

    def action_interval(self, step: int) -> None:
        """A longer or shorter interval, but none that would keep every server busy with us."""
        if step > 0 or (self.interval or 0) > LEAST_INTERVAL:
            super().action_interval(step)

    def action_now(self) -> None:
        """Ask now, also who refused us before."""
        self._fleet.forget_refusals()
        super().action_now()

    async def load(self) -> Snapshot:
        """Ask every server."""
        return await self._fleet.look()

    def show(self, data: Snapshot) -> None:
        """Put them on screen."""
        self.query_one(Listing).show(data.members)

    def nothing(self, data: Snapshot) -> str:
        """No profile."""
        if data.members:
            return ""
        return (
            f"No server is configured. Each is a table in {data.path}, such as\n\n"
            '[profiles.staging]\nhost = "db2.example.org"\ndbname = "emr"\nuser = "dba"'
        )

    def remark(self, data: Snapshot) -> str:
        """Who is not asked any more."""
        refused = ", ".join(member.name for member in data.members if not member.asked)
        return f"Not asked again, so that no account is locked: {refused}. r asks once more." if refused else ""

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        from console.ui.detail import Block, DetailScreen, open_page

        member: Member | None = event.row
        if member is not None:
            opening = Block("open it", f"emr-console --profile {member.name}")
            open_page(self, DetailScreen(f"profile {member.name}", facts(member), [opening]))


def facts(member: Member) -> list[Fact]:
    """All that is known of a server, in words."""
    profile, found = member.profile, member.found
    known = {
        "host": profile.host,
        "database": profile.database,
        "role": profile.user,
        "environment": profile.environment,
        "state": state(member),
        "trouble": member.error,
    }
    if found is not None:
        known |= {
            "version": f"PostgreSQL {found.version}",
            "flavour": found.flavour,
            "connections": (used(member) or "").replace("/", " of "),
            "blocked sessions": "" if found.blocked is None else str(found.blocked),
            "oldest transaction": age(found.longest_transaction),
            "migrations applied": (migrations(member) or "").replace("/", " of "),
            "lag": age(found.lag),
        }
    return [(label, value) for label, value in known.items() if value]
