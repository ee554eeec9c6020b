"""Whether the server's lock table has room for a rollback that locks everything, asked before anything is written."""

from console.db.query import Query
from console.db.session import Session
from console.errors import OutOfSpace
from console.migrate.lock import KEY
from console.migrate.selection import UNCHANGED
from console.row import Row

_ROOM = Query(__package__, "room")


class Room(Row):
    """What is needed, and what there is."""

    needed: int
    """Locks that this rollback takes."""
    runs: int
    """Engines at work on the server, this one among them."""
    each: int
    """max_locks_per_transaction."""
    sessions: int
    """How many sessions and prepared transactions share the lock table."""

    @property
    def wanted(self) -> int:
        """The setting that is enough for all of them.

        >>> Room(needed=2400, runs=3, each=64, sessions=100).wanted
        72
        """
        return -(-self.needed * self.runs // self.sessions)


async def require_room(session: Session) -> None:
    """OutOfSpace with the setting to raise, where the locks would not fit and the rollback would end in 53200."""
    room = await session.fetch_one(_ROOM, Room, **KEY)
    if room.wanted <= room.each:
        return
    others = f", {room.runs} times over, since {room.runs - 1} more run on this server" if room.runs > 1 else ""
    raise OutOfSpace(
        f"An emergency rollback locks every table here, for which it needs about {room.needed:,} locks at once{others}."
        f" The server has room for {room.each * room.sessions:,}.",
        state=UNCHANGED,
        hint=f"Set max_locks_per_transaction to {room.wanted} or more and restart the server"
        f"{', or wait until the others have ended' if room.runs > 1 else ''}.",
    )
