"""COMMIT, of which a task that is cancelled while it is answered still learns what became."""

from asyncio import CancelledError, ensure_future, shield
from collections.abc import Awaitable


class CommittedAnyway(CancelledError):
    """The task was cancelled too late: what it did is committed."""


async def committed(commit: Awaitable[object]) -> None:
    """Await the server's answer, also when cancelled; cancelled once more, the server is told.

    Raises CommittedAnyway where it was committed meanwhile, and what the server says where it was not.
    """
    ending = ensure_future(commit)
    try:
        await shield(ending)
    except CancelledError as late:
        await ending
        raise CommittedAnyway from late
