"""How far a run is: what its events have told so far, and what that looks like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from console.migrate.begun import Begun
from console.ui.columns import GUTTER, Tone
from console.ui.lines import Line
from console.ui.paragraphs import blank, text_line, wrapped
from console.ui.text import age, duration

if TYPE_CHECKING:
    from console.migrate.reports import Event, Result

INDENT = "  "
"""Before what belongs to the migration above it."""

_SAID = frozenset({"note", "waiting", "checking", "backup", "backed_up", "interrupted"})


@dataclass(slots=True)
class Course:
    """One run, as far as it has been told."""

    labels: Sequence[str]
    """The migrations that were agreed to, in the order of running."""
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    """What each statement is, by version and number."""
    events: list[Event] = field(default_factory=list)
    """Everything that was told, the oldest first."""
    result: Result | None = None
    """How it ended; None while it runs."""
    _since: Begun = field(default_factory=Begun)

    def hear(self, event: Event, now: float) -> None:
        """Take one event; `now` is a moment on the clock by which lines are asked for."""
        self.events.append(event)
        self._since.hear(event, now)

    @property
    def at(self) -> Event | None:
        """The statement at work; None between two."""
        last = next((event for event in reversed(self.events) if event.event != "progress"), None)
        waits = last is not None and last.event == "waiting"
        found = next((event for event in reversed(self.events) if event.event == "statement"), None)
        return found if last is not None and (last.event == "statement" or waits) else None

    def lines(self, width: int, now: float) -> list[Line]:
        """What a person sees."""
        parts = [*self._migrations(width, now), blank(width), *self._news(width)]
        return [*parts, *(self._end(width) if self.result else ())]

    def _migrations(self, width: int, now: float) -> Iterator[Line]:
        begun, over = self._begun(), self._over()
        for number, label in enumerate(self.labels, 1):
            version = label.partition("_")[0]
            place = f"{number} of {len(self.labels)}  {label}"
            if version in over:
                yield self._over_with(place, over[version], begun.get(version, 0.0), width)
            elif self.result is not None:
                yield self._left(place, version, width)
            elif version in begun:
                yield text_line(f"→ {place}", width, Tone.INFO)
                yield from self._at_work(version, width, now)
            else:
                yield text_line(f"  {place}  waits for its turn", width, Tone.MUTED)

    def _over_with(self, place: str, event: Event, begun: float, width: int) -> Line:
        """One that is done, and what its checks have said."""
        checks = next((e.message for e in self.events if e.event == "verified" and e.version == event.version), None)
        said = f"{event.event.replace('_', ' ')} in {duration(event.elapsed - begun)}"
        return text_line(f"● {place}  {said}{f', {checks}' if checks else ''}", width, Tone.OK)

    def _left(self, place: str, version: str, width: int) -> Line:
        """One that is not done when the run has ended."""
        failed = self.result.failed if self.result else None
        if failed is not None and failed.version == version:
            where = f" at statement {failed.statement}, line {failed.line}" if failed.statement else ""
            return text_line(f"✖ {place}  failed{where}", width, Tone.ERROR)
        return text_line(f"  {place}  not done", width, Tone.MUTED)

    def _at_work(self, version: str, width: int, now: float) -> Iterator[Line]:
        at = self.at
        if at is None or at.version != version or at.statement is None:
            return
        lasting = age(self._since.seconds(at, now))
        where = f"statement {at.statement} of {at.statements}, line {at.line}, {lasting}"
        yield text_line(f"{INDENT}{where}", width)
        yield text_line(f"{INDENT}{self.texts.get((version, at.statement), '')}", width, Tone.MUTED)
        if self.events[-1].event == "progress":
            yield text_line(f"{INDENT}{self.events[-1].message}", width, Tone.INFO)

    def _news(self, width: int) -> Iterator[Line]:
        """The sentences that were told, the newest last; of waiting the last, and each that says who is in the way."""
        told = [event for event in self.events if event.event in _SAID and event.message]
        met: set[tuple[str | None, int]] = set()
        for event, later in pairwise([*told, None]):
            assert event is not None  # only the last one is none
            again = later is not None and event.event == later.event == "waiting"
            blockers = {(event.version, blocker.pid) for blocker in event.blockers}
            if not again or blockers - met:
                tone = Tone.WARNING if event.event == "waiting" else Tone.MUTED
                yield from _paragraph(f"{age(event.elapsed)}: {event.message}", width, tone)
            met |= blockers

    def _end(self, width: int) -> Iterator[Line]:
        assert self.result is not None
        yield blank(width)
        error, done = self.result.error, len(self.result.done)
        if error is None:
            yield text_line(f"● Done: {done} of {len(self.labels)}." if self.labels else "● Done.", width, Tone.OK)
        else:
            yield from _paragraph(f"✖ {error.message}", width, Tone.ERROR)
            yield from _paragraph(error.state, width, Tone.WARNING)
            yield from _paragraph(error.hint, width, Tone.PLAIN)
            meaning = error.exit.name.replace("_", " ").lower()
            yield text_line(f"As a command it would have ended with {int(error.exit)}, {meaning}.", width, Tone.MUTED)
        if self.result.backup is not None:
            yield from _paragraph(f"Backup: {self.result.backup.directory}", width, Tone.PLAIN)

    def _begun(self) -> dict[str, float]:
        return {e.version: e.elapsed for e in self.events if e.event == "migration" and e.version}

    def _over(self) -> dict[str, Event]:
        return {e.version: e for e in self.events if e.event in ("applied", "rolled_back") and e.version}


def _paragraph(text: str, width: int, tone: Tone) -> Iterator[Line]:
    for part in wrapped(text, width - GUTTER) if text else ():
        yield text_line(part, width, tone)
