"""A pane alone, which is told its answers."""

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message

from console.errors import ConnectionFailed
from console.ui.notice import Notice, State
from console.ui.pane import Pane
from tests.ui.sample import Row, SamplePane, Source

AWAY = ConnectionFailed("The server at db1 does not answer.", hint="Is it running?")


class PaneHost(App[None]):
    """A pane alone."""

    def __init__(self, source: Source, kind: type[SamplePane] = SamplePane) -> None:
        super().__init__()
        self.source = source
        self.pane = kind(source)
        self.messages: list[Message] = []
        self.states: list[State] = []

    def compose(self) -> ComposeResult:
        yield Vertical(self.pane)

    def on_mount(self) -> None:
        self.watch(self.pane, "state", lambda state: self.states.append(state))

    def on_polled_refreshed(self, event: Pane.Refreshed) -> None:
        self.messages.append(event)

    def on_polled_troubled(self, event: Pane.Troubled) -> None:
        self.messages.append(event)

    def on_polled_paced(self, event: Pane.Paced) -> None:
        self.messages.append(event)

    @property
    def said(self) -> str:
        return self.pane.query_one(Notice).text


class Script:
    """Answers in turn; the last one for ever."""

    def __init__(self, *answers: Sequence[Row] | Exception) -> None:
        self.answers = list(answers)

    def __call__(self) -> Sequence[Row]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def host(*answers: Sequence[Row] | Exception, kind: type[SamplePane] = SamplePane) -> PaneHost:
    return PaneHost(Source(Script(*answers)), kind)


def looks(app: PaneHost) -> tuple[State, bool, int]:
    """State, whether the rows are dimmed, how many there are."""
    return app.pane.state, app.pane.table.stale, len(app.pane.table.rows.all)
