"""How fast the backfill may go: so many rows a second, and no faster than the standbys can follow."""

import asyncio
from collections.abc import Callable

from console.db.query import Query
from console.db.session import Session
from console.errors import NoPrivilege
from console.services.backfill.models import Lag

LAG_QUERY = Query(__package__, "lag")

USUAL_LAG = 10.0
"""Seconds that a standby may be behind unless something else is said."""

_EVERY = 0.5
"""Seconds between two looks at the standbys."""


class Throttle:
    """Holds a backfill back between two batches."""

    def __init__(
        self, session: Session, say: Callable[[str], None], *, rate: float | None, max_lag: float | None
    ) -> None:
        self._session = session
        self._say = say
        self._rate = rate
        self._max_lag = USUAL_LAG if max_lag is None else max_lag
        self._clock = asyncio.get_running_loop().time
        self._looked = -_EVERY

    async def check(self, *, demanded: bool) -> None:
        """Before the first batch: say if the lag cannot be seen, or refuse if it was demanded to keep it."""
        if not (await self._lag()).hidden:
            return
        user = (await self._session.server()).user
        if demanded:
            raise NoPrivilege(
                f"--max-lag cannot be kept: the lag of the standbys is hidden from {user}.",
                state="Nothing was changed.",
                hint=f"A superuser can show it: GRANT pg_monitor TO {user}; or leave --max-lag out.",
            )
        self._say(f"The lag of the standbys is hidden from {user}, so it holds nothing back.")

    async def after(self, rows: int, began: float) -> None:
        """Wait as long as a batch of so many rows, begun at that moment of the loop's clock, asks for."""
        await self._wait_for_standbys()
        if self._rate is not None:
            await asyncio.sleep(pause(rows, self._rate, self._clock() - began))

    async def _wait_for_standbys(self) -> None:
        if self._clock() - self._looked < _EVERY:
            return
        lag, said = await self._lag(), False
        while lag.seconds > self._max_lag:
            if not said:
                self._say(f"Standby {lag.standby} is {lag.seconds:.1f} s behind; waiting for it.")
                said = True
            await asyncio.sleep(_EVERY)
            lag = await self._lag()

    async def _lag(self) -> Lag:
        self._looked = self._clock()
        return await self._session.fetch_one(LAG_QUERY, Lag)


def pause(rows: int, rate: float, took: float) -> float:
    """Seconds to wait after a batch, so that no more than `rate` rows a second are filled.

    >>> pause(1000, 500.0, 0.5), pause(0, 500.0, 0.5)
    (1.5, 0.0)
    """
    return max(0.0, rows / rate - took)
