"""What is wrong elsewhere, in the last line: the worst first, until it clears or a person has seen it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from textual.message import Message

from console.ui.columns import Tone
from console.ui.lines import Piece
from console.ui.text import sanitise


class Alarm(Protocol):
    """Something that is wrong now."""

    @property
    def kind(self) -> str:
        """What is, in a word; there is one of a kind."""

    @property
    def critical(self) -> bool:
        """Whether it is more than a warning."""

    @property
    def text(self) -> str:
        """A few words."""

    @property
    def pane(self) -> str:
        """Where more can be seen."""


class Alarmed(Message):
    """Other alarms stand now."""

    def __init__(self, alarms: Sequence[Alarm]) -> None:
        super().__init__()
        self.alarms = alarms
        """All of them, the worst first."""


class Alarms:
    """Those that stand, without those that a person has seen."""

    def __init__(self) -> None:
        self._standing: Sequence[Alarm] = ()
        self._seen: dict[str, bool] = {}

    @property
    def shown(self) -> Alarm | None:
        """The worst that nobody has seen yet."""
        return next(iter(self._unseen()), None)

    def stand(self, alarms: Sequence[Alarm]) -> None:
        """Take what stands now. What has cleared is forgotten, and told again when it comes back."""
        kinds = {alarm.kind for alarm in alarms}
        self._seen = {kind: critical for kind, critical in self._seen.items() if kind in kinds}
        self._standing = alarms

    def dismiss(self) -> Alarm | None:
        """The one that is shown is seen; it is told again only when it gets critical, or has cleared and comes back."""
        alarm = self.shown
        if alarm is not None:
            self._seen[alarm.kind] = alarm.critical
        return alarm

    def pieces(self) -> list[Piece]:
        """What is said; nothing where there is nothing to say."""
        unseen = list(self._unseen())
        if not unseen:
            return []
        first, more = unseen[0], f", {len(unseen) - 1} more" if unseen[1:] else ""
        sign, tone = ("✖", Tone.ERROR) if first.critical else ("▲", Tone.WARNING)
        return [Piece(f" {sign} {sanitise(first.text)}{more}  ", tone)]

    def _unseen(self) -> Iterator[Alarm]:
        for alarm in self._standing:
            seen = self._seen.get(alarm.kind)
            if seen is None or (alarm.critical and not seen):
                yield alarm
