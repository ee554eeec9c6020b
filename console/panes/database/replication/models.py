"""Standbys, slots and a standby's own receiver, as the server tells them and as lines of one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.row import Row


class Standby(Row):
    """A server, or a program, that reads this one's WAL; None where our role may not see it."""

    pid: int
    """The walsender."""
    name: str | None
    """What it calls itself."""
    user: str | None
    """The role that it signed in with."""
    client: str | None
    """Its address, `local` for a socket."""
    backend_start: datetime | None
    """When it connected."""
    state: str | None
    """streaming, catchup, backup, ..."""
    sync_state: str | None
    """async, sync, quorum or potential."""
    send_bytes: int | None
    """WAL that was not sent to it yet."""
    flush_bytes: int | None
    """WAL that it has not on its disk yet."""
    replay_bytes: int | None
    """WAL that cannot be seen in its rows yet."""
    flush_seconds: float | None
    """How long WAL takes to its disk; None where nothing was written lately."""
    replay_seconds: float | None
    """How long it takes until it can be seen there; likewise."""
    silent_seconds: float | None
    """Since it last said how far it is."""


class Slot(Row):
    """Something for which WAL is kept."""

    name: str
    """Its name."""
    kind: str
    """physical or logical."""
    plugin: str | None
    """Of a logical one: who reads the WAL for it."""
    database: str | None
    """Of a logical one: which database's changes."""
    active: bool
    """Whether somebody reads it now."""
    active_pid: int | None
    """Who."""
    temporary: bool
    """Whether it goes with its session."""
    wal_status: str | None
    """reserved, extended, unreserved (about to go) or lost; None where it has reserved none yet."""
    safe_bytes: int | None
    """WAL that may still be written before it is in danger; None where no limit is set."""
    kept_bytes: int | None
    """WAL that is kept for it."""
    behind_bytes: int | None
    """Of a logical one: WAL whose changes were not confirmed yet."""
    xmin_age: int | None
    """Transactions for whose sake it keeps dead rows from vacuum."""
    catalog_xmin_age: int | None
    """The same for the catalogue's rows."""
    inactive_since: datetime | None
    """When it was last read; None where it is active, or the server does not tell."""
    invalidated: str | None
    """Why the server has given it up."""


class Receiver(Row):
    """How far this server is as a standby; None where our role may not see it."""

    status: str | None
    """streaming, ...; None where no WAL receiver runs, as on one that reads an archive."""
    sender: str | None
    """Its primary."""
    sender_port: int | None
    """Likewise."""
    slot: str | None
    """The slot that it reads."""
    silent_seconds: float | None
    """Since it last heard of its primary."""
    receive_bytes: int | None
    """WAL that the primary has and this server has not on its disk yet."""
    replay_bytes: int | None
    """WAL that it has and that cannot be seen in its rows yet."""
    replay_seconds: float | None
    """Since the last transaction that can be seen was committed; 0 where nothing is left to replay."""
    replayed_at: datetime | None
    """When that was."""
    pause_state: str
    """not paused, pause requested or paused."""
    conflicts: int | None
    """Queries that were ended because they stood in the way of replay."""
    feedback: bool
    """Whether the primary spares the rows that queries here still see."""


@dataclass(frozen=True, slots=True)
class Link:
    """One line: somebody who follows, something that is kept, or whom this server follows."""

    kind: str
    """standby, slot or receiver."""
    row: Standby | Slot | Receiver
    """What the server tells."""
    name: str
    """What it is called."""
    state: str
    """How it stands, in a word or two."""
    level: str
    """How bad that is: ok, warn, crit or unknown, as --json spells it."""
    remark: str = ""
    """Why."""
    lag_bytes: int | None = None
    """How far it is behind."""
    lag_seconds: float | None = None
    """Likewise."""
    kept_bytes: int | None = None
    """WAL that is kept for it."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Its identity: several standbys may call themselves the same."""
        return self.kind, self.name, self.row.pid if isinstance(self.row, Standby) else 0

    def as_json(self) -> dict[str, object]:
        """The row as `emr-console replication --json` spells it."""
        said = {
            "kind": self.kind,
            "name": self.name,
            "state": self.state,
            "level": self.level,
            "remark": self.remark or None,
            "lag_bytes": self.lag_bytes,
            "lag_seconds": self.lag_seconds,
            "kept_bytes": self.kept_bytes,
        }
        return said | {"detail": self.row.model_dump(exclude={"name"})}


@dataclass(frozen=True, slots=True)
class Replication:
    """Who follows whom at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    links: Sequence[Link]
    """The receiver of a standby first, then what is worst."""
    in_recovery: bool
    """Whether this server is a standby."""
    grant: str | None = None
    """What would show what is hidden from our role; None when nothing is."""
