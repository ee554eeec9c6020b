"""A list that can measure on request what it otherwise only estimates, while polling goes on beside it."""

from typing import Generic, TypeVar

from textual import work
from textual.worker import Worker

from console.errors import ConsoleError
from console.ui.notice import Notice, State
from console.ui.pane import Asked, Pane

Database = TypeVar("Database", bound=Asked)
Data = TypeVar("Data")
Found = TypeVar("Found")


class MeasuringPane(Pane[Database, Data], Generic[Database, Data, Found]):
    """A pane whose figures are approximate until a person measures.

    A subclass says what to `measure`, how to `take` it, and which key is for `action_measure`.
    """

    latest: Data | None = None
    """What came last; None before that."""

    async def measure(self) -> Found:
        """Ask what it really is."""
        raise NotImplementedError

    def take(self, found: Found) -> None:
        """Show it."""
        raise NotImplementedError

    def arrived(self, data: Data) -> None:
        """Keep it: what is measured later belongs to it."""
        self.latest = data
        super().arrived(data)

    def say(self) -> None:
        """What is being measured comes before what else there is to say of rows."""
        if self._measuring and self.state in {State.DATA, State.STALE}:
            self.query_one(Notice).say("Measuring; esc stops it.", whole=False)
        else:
            super().say()

    def action_measure(self) -> None:
        """Measure, unless that is being done already."""
        if not self._measuring:
            self._measure()
            self.say()

    def action_back(self) -> None:
        """Stop measuring, or what esc does else."""
        if not self.stop_measuring():
            super().action_back()

    def stop_measuring(self) -> bool:
        """Stop measuring; the server is told. Whether there was something to stop."""
        if not self._measuring:
            return False
        self.workers.cancel_group(self, "measure")
        self.notify("Stopped; the figures are those of before.", timeout=3)
        return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """It has begun, or it is over."""
        if event.worker.group == "measure":
            self.say()

    @property
    def _measuring(self) -> bool:
        return any(
            worker.group == "measure" and not worker.is_finished for worker in self.workers if worker.node is self
        )

    @work(exclusive=True, group="measure", exit_on_error=False)
    async def _measure(self) -> None:
        try:
            found = await self.measure()
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
        else:
            self.take(found)
