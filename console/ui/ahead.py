"""Keys that were typed for a pane which has not answered yet: they wait for it, but not long."""

from time import monotonic

from textual.events import Key, Paste

from console.ui.inturn import again
from console.ui.notice import WORTH_SAYING


class TypedAhead:
    """Keys that mean nothing yet, in their order; after the first of them all wait, since they may be its words."""

    def __init__(self) -> None:
        self._keys: list[Key | Paste] = []
        self._for: object = None
        self._until = 0.0

    def begin(self, pane: object) -> None:
        """A pane is on screen that has not answered; from when that is worth saying on, nobody types blindly."""
        self._keys, self._for, self._until = [], pane, monotonic() + WORTH_SAYING

    def takes(self, event: Key | Paste, *, meant_now: bool) -> bool:
        """Whether a key waits; `meant_now` says that it means something already, such as to go on to another pane."""
        if monotonic() >= self._until or (meant_now and not self._keys):
            return False
        self._keys.append(again(event))
        return True

    def answered(self, pane: object) -> list[Key | Paste]:
        """The keys that have waited for this pane; none if that took too long."""
        if pane is not self._for:
            return []
        keys = self._keys if monotonic() < self._until else []
        self.forget()
        return keys

    def forget(self) -> None:
        """No key waits."""
        self._keys, self._for, self._until = [], None, 0.0
