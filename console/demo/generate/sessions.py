"""Who signs in when and does how much: a few people do most of it, days are busier than nights and weekends."""

from itertools import accumulate

from console.demo.generate import chance, moments, names
from console.demo.generate.events import ACTIONS, HABITS, Event, Recorder, Visit
from console.demo.generate.work import FIRST_HOUR, LENGTH, any_shift, shift_start
from console.demo.generate.world import User, World

SHORTEST, LONGEST = 6, 70
"""Actions of one session."""

OWN_SHIFT = 0.8
"""How often people work the shift that is mostly theirs."""

QUIET_WEEKEND = 0.35
"""So many sessions of a weekend do not take place."""

# 1970-01-01 was a Thursday, so days 2 and 3 of every seven are Saturday and Sunday.
WEEKEND = (2, 3)


class Sessions:
    """Ordinary sessions, one after the other."""

    def __init__(self, world: World, recorder: Recorder) -> None:
        self._world = world
        self._recorder = recorder
        self._rng = recorder.rng
        self._busy = chance.zipf(len(world.users), 0.7)
        self._acts = {role: [ACTIONS[name] for name in habit] for role, habit in HABITS.items()}
        self._weights = {role: list(accumulate(habit.values())) for role, habit in HABITS.items()}

    def within(self, first: int, last: int) -> list[Event]:
        """A session that begins in this time; what lies beyond the end of the data has not happened yet."""
        user = self._user(first)
        start = self._start(user, first, last)
        end = self._end(start)
        visit = self.visit(user)
        events = [
            *self._signing_in(visit, start),
            *self._work(visit, start, end),
            self._recorder.signed(visit, end, "LOGOUT"),
        ]
        return events if end < self._world.period.end else [e for e in events if e[0] < self._world.period.end]

    def visit(self, user: User) -> Visit:
        """A session of this user at a place of the department."""
        ip = f"192.0.2.{10 + user.department % 40 * 6 + int(6 * self._rng.random())}"
        return self._recorder.visit(user, ip, self._rng.choice(names.TERMINALS))

    def _user(self, moment: int) -> User:
        while True:
            found = self._rng.choices(self._world.users, cum_weights=self._busy)[0]
            if found.works(moment):
                return found

    def _start(self, user: User, first: int, last: int) -> int:
        """A moment early in some shift; most of them the user's own."""
        while True:
            day = first + int((last - first) * self._rng.random())
            day -= day % moments.DAY
            if day // moments.DAY % 7 in WEEKEND and self._rng.random() < QUIET_WEEKEND:
                continue
            shift = user.shift if self._rng.random() < OWN_SHIFT else any_shift(self._rng)
            start = day + FIRST_HOUR + shift * LENGTH + int(self._rng.expovariate(8) * moments.HOUR)
            if first <= start < last - moments.MINUTE:
                return start
            if last - first < moments.DAY:
                return first + int((last - moments.MINUTE - first) * self._rng.random())

    def _end(self, start: int) -> int:
        """Some minutes before the shift is over."""
        early = int(self._rng.expovariate(6) * moments.HOUR)
        return max(start + moments.MINUTE, shift_start(start) + LENGTH - early)

    def _signing_in(self, visit: Visit, start: int) -> list[Event]:
        signed = self._recorder.signed(visit, start, "LOGIN")
        if self._rng.random() < 0.03:
            return [self._recorder.signed(visit, start - 9 * moments.SECOND, "LOGIN_FAILED"), signed]
        return [signed]

    def _work(self, visit: Visit, start: int, end: int) -> list[Event]:
        rng, role = self._rng, visit.user.role
        ward = self._world.wards[visit.user.department]
        count = SHORTEST + int((LONGEST - SHORTEST) * rng.random() ** 1.5)
        length = end - start
        chosen = rng.choices(self._acts[role], cum_weights=self._weights[role], k=count)
        times = [start + int(length * rng.random()) for _ in chosen]
        return [act(self._recorder, visit, t, ward.patient(rng, t)) for act, t in zip(chosen, times, strict=True)]
