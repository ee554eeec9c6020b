"""What the console itself remembers of its panes: the last minutes, in little memory."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.errors import Unsupported
from console.services.history.models import Part
from console.services.history.recorded import Recorded
from console.services.history.squeeze import restored, squeezed

KEPT = timedelta(minutes=10)
"""How far back it goes."""

ROOM = 2 << 20
"""Bytes of all that is remembered; a base counts once."""

SHARED = 60
"""Answers that are written as what differs from one base."""

NEAR = timedelta(seconds=35)
"""How old what a pane showed may be at a moment: it is not asked while another one is on screen."""


@dataclass(frozen=True, slots=True)
class _Kept:
    pane: str
    at: datetime
    body: bytes
    base: bytes

    @property
    def size(self) -> int:
        return len(self.body) or len(self.base)


class Ring:
    """The answers of the last ten minutes; a timeline for the console."""

    def __init__(self, panes: Iterable[Recorded[Any]], *, room: int = ROOM) -> None:
        self._panes = {pane.name: pane for pane in panes if not pane.every}  # others are long, and change little
        self._room = room
        self._kept: deque[_Kept] = deque()
        self._size = 0
        self._bases: dict[str, tuple[bytes, int]] = {}

    def keep(self, pane: str, data: Any, at: datetime) -> None:
        """Remember what a pane has been answered; nothing of one that is not recorded."""
        if pane not in self._panes:
            return
        text = self._panes[pane].packed(data).body
        base, used = self._bases.get(pane, (b"", SHARED))
        if used == SHARED:
            kept = _Kept(pane, at, b"", text)
            self._bases[pane] = text, 1
        else:
            kept = _Kept(pane, at, squeezed(text, base), base)
            self._bases[pane] = base, used + 1
        self._kept.append(kept)
        self._size += kept.size
        self._forget(at)

    def moments(self, pane: str) -> Sequence[datetime]:
        """When something was kept of a pane, in order."""
        return [kept.at for kept in self._kept if kept.pane == pane]

    def rows(self, pane: str, moment: datetime) -> Any:
        """What a pane had been answered by then; Unsupported if nothing shortly before."""
        from console.services.history.reading import nearest  # it reads SQLite's files, which takes its time

        here = {kept.at: kept for kept in self._kept if kept.pane == pane}
        at = nearest(list(here), moment) if here else moment
        if at not in here or not timedelta(0) <= moment - at <= NEAR:
            raise Unsupported("This pane was not on screen at that moment, so that nothing is known of it.")
        kept = here[at]
        return self._panes[pane].unpacked(Part(restored(kept.body, kept.base) if kept.body else kept.base))

    def asked(self, pane: str, moment: datetime) -> None:
        """Nothing: each pane is rewound by its own moments."""

    def _forget(self, now: datetime) -> None:
        while self._kept and (self._size > self._room or now - self._kept[0].at > KEPT):
            gone = self._kept.popleft()
            self._size -= gone.size
            if not gone.body and self._bases.get(gone.pane, (b"",))[0] is gone.base:
                del self._bases[gone.pane]  # the next answer is whole again, and counts
