"""Seven years of audit rows, week by week, exactly as many as were asked for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from console.demo.generate import chance
from console.demo.generate.events import Event, Recorder
from console.demo.generate.moments import WEEK
from console.demo.generate.planted import Story, stories
from console.demo.generate.sessions import Sessions
from console.demo.generate.world import World

CHANGES = ("UPDATE", "INSERT")
"""The actions that have details."""

MOST_WEEKS = 52
"""Weeks written in one transaction, which locks every partition of them and its indexes."""


class Audit:
    """The audit rows of a world whose other tables are complete."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._recorder = Recorder(world, chance.stream(world.seed, "audit"))
        self._sessions = Sessions(world, self._recorder)
        self.stories: list[Story] = stories(world, self._recorder)
        """What is hidden among the ordinary rows."""
        self._fixed = self._registrations()
        for story in self.stories:
            for event in story.events:
                self._fixed[event[0] // WEEK].append(event)
        self._ordinary = world.volumes.audit_logs - sum(len(events) for events in self._fixed.values())
        self._drawn = 0
        self._logged = 0
        self._detailed = 0

    def pieces(self, size: int) -> Iterator["Piece"]:
        """One piece after the other, of whole weeks and about this many rows; each is to be used up before the next."""
        weeks = self._world.period.weeks()
        step = min(MOST_WEEKS, max(1, size * len(weeks) // self._world.volumes.audit_logs))
        for start in range(0, len(weeks), step):
            yield Piece(self, weeks[start : start + step])

    def week(self, first: int, last: int) -> list[Event]:
        """The events of one week, oldest first; all weeks together have volumes.audit_logs events."""
        due = int(self._ordinary * self._world.period.share(last))
        if last == self._world.period.end:
            due = self._ordinary
        return sorted(self._fixed[first // WEEK] + self._sessions_until(due, first, last))

    def detail(self, event: Event) -> str | None:
        """The details of this event if it has some; there are as many as were asked for, spread evenly."""
        share = self._world.volumes.audit_log_details / self._world.volumes.audit_logs
        self._logged += 1
        if self._detailed >= int(self._logged * share) or event[1].split("\t", 2)[1] not in CHANGES:
            return None
        self._detailed += 1
        return self._recorder.detail(event)

    def _registrations(self) -> defaultdict[int, list[Event]]:
        """The registration of every patient whose record the retention still covers, by week."""
        found: defaultdict[int, list[Event]] = defaultdict(list)
        for patient in self._world.patients:
            if patient.registered >= self._world.period.start:
                clerk = self._world.wards[patient.department].colleague(self._recorder.rng, patient.registered)
                visit = self._sessions.visit(clerk)
                found[patient.registered // WEEK].append(self._recorder.registered(visit, patient))
        return found

    def _sessions_until(self, due: int, first: int, last: int) -> list[Event]:
        """Whole sessions of this week, until so many events have been drawn in all; only the last may be cut."""
        events: list[Event] = []
        while self._drawn < due:
            session = self._sessions.within(first, last)[: self._ordinary - self._drawn]
            self._drawn += len(session)
            events += session
        return events


class Piece:
    """Some weeks of audit rows, made while they are being sent."""

    def __init__(self, audit: Audit, weeks: Sequence[tuple[int, int]]) -> None:
        self._audit = audit
        self._weeks = weeks
        self.details: list[str] = []
        """Rows of audit_log_details, there once all logs have been taken."""

    def logs(self) -> Iterator[str]:
        """Rows of audit_logs."""
        for first, last in self._weeks:
            for event in self._audit.week(first, last):
                yield event[1]
                if detail := self._audit.detail(event):
                    self.details.append(detail)
