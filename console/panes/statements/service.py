"""Asks what statements cost and what runs for long, and masks what they say."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Any

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.db.server import Server
from console.errors import ConsoleError, NoPrivilege, Refused, StatementFailed, Unsupported
from console.panes.statements.intervals import between, comparable, following, hottest, least, since_reset, spent
from console.panes.statements.models import Counters, Place, Running, Sample, Snapshot, Statement, Totals, Whole
from console.panes.statements.place import PLACE, trouble
from console.panes.statements.texts import Texts
from console.services.activity import TEXT_BYTES, WHOLE_TEXT_BYTES, showing
from console.services.plans import plan

TOTALS = Query(__package__, "totals")
INTERVAL = Query(__package__, "interval")
DEAREST = Query(__package__, "dearest")
RUNNING = Query(__package__, "running")
WHOLE = Query(__package__, "whole")

ORDERS: dict[str, Callable[[Statement], float]] = {
    "total": lambda s: s.total_time,
    "mean": lambda s: s.mean_time or 0,
    "stddev": lambda s: s.stddev_time,
    "calls": lambda s: s.calls,
    "rows": lambda s: s.rows,
    "temp": lambda s: s.temp_bytes,
    "wal": lambda s: s.wal_bytes,
}
"""By what the dearest statements can be chosen; the server chooses by the same."""

LIMIT = 50
"""Statements that are asked for, and running ones."""

SLOW = 1.0
"""Seconds from which on a running statement is shown."""


TOTALS_KEPT = 30.0
"""Seconds for which the sums of all statements will do: reading them costs as much as reading the dearest ones."""


class Reader:
    """Reads the statistics again and again; what need be asked only once a connection is remembered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._server: Server | None = None
        self._place: Place | None = None
        self._texts = Texts(db)
        self._totals: Totals | None = None
        self._totalled = -inf
        self._filling = False
        self._before: Sample | None = None
        self._watched: Sequence[int] = ()

    async def read(self, *, by: str = "total", limit: int = LIMIT, now: bool = False) -> Snapshot:
        """What runs for long, and the dearest statements since the last reset, or `now`: since the last reading."""
        server = await self._db.server()
        if server is not self._server:
            self._server, self._before, self._totals = server, None, None
            self._texts.forget()
            self.forget()
        if self._place is None or trouble(self._place, server):
            snapshot = await self._look_around(server)
            if snapshot.unavailable:
                return snapshot
        return await self._sampled(server, by, limit, now)

    def forget(self) -> None:
        """Look anew where the statistics are, and since when they count."""
        self._place, self._totalled = None, -inf

    async def whole(self, statement: Statement) -> Whole | None:
        """Everything about one statement; None if it has been thrown away meanwhile."""
        wanted = statement.key._asdict() | {"characters": WHOLE_TEXT_BYTES}
        rows = await self._db.fetch(WHOLE.in_schema(self._schema), Whole, **wanted)
        return rows[0] if rows else None

    async def plan(self, statement: Statement, whole: Whole) -> str:
        """How the server would run it, whatever its values are; or, where that cannot be told, why."""
        here = (await self._db.server()).database
        if statement.database != here:
            return f"It ran in database {statement.database}; only a console on that one can ask for its plan."
        try:
            return await plan(self._db, whole.query_text.get_secret_value(), statement.user)
        except (Refused, Unsupported, StatementFailed) as error:
            return error.sentence()

    @property
    def _schema(self) -> str:
        """Where the extension's functions are; empty while that is not known."""
        return (self._place and self._place.schema_name) or ""

    async def _look_around(self, server: Server) -> Snapshot:
        """Where the statistics are; as long as they cannot be read that is asked again each time."""
        running, asked = self._running(), Request(PLACE, Place)
        answers = await self._db.pipeline(running, asked)
        (self._place,) = answers.rows(asked)
        wrong = trouble(self._place, server)
        return replace(
            self._told(server, answers, running), place=self._place, unavailable=wrong.sentence() if wrong else ""
        )

    async def _sampled(self, server: Server, by: str, limit: int, now: bool) -> Snapshot:
        running = self._running()
        anew = not now or self._before is None
        order = list(ORDERS).index("total" if now else by)
        dearest = Request(DEAREST.in_schema(self._schema), Counters, {"order": order, "limit": limit})
        totals = self._interval(limit) if now else Request(TOTALS.in_schema(self._schema), Totals)
        known = None if now or monotonic() - self._totalled > TOTALS_KEPT else self._totals
        asked: list[Request[Any]] = [*([dearest] if anew else []), *([] if known else [totals])]
        answers = await self._db.pipeline(running, *asked)
        if any(answers.error(request) for request in asked):
            self._place = None  # it was dropped, moved or taken away, which is looked at next time
        last = self._before.totals if self._before else None
        sums = known or self._summed(following(last, answers.rows(totals)[0]))
        sample = Sample(sums, answers.rows(dearest) if anew else sums.counters or ())
        before, self._before = self._before, sample if now else None
        told = replace(
            self._told(server, answers, running),
            totals=sums,
            place=self._place,
            now=now,
            by=by,
            filling=self._filling,
        )
        if now:
            told = self._in_interval(told, before, sample, limit)
        else:
            told = replace(told, statements=sorted(since_reset(sample), key=ORDERS[by], reverse=True))
        return replace(told, statements=await self._with_texts(told.statements))

    def _interval(self, limit: int) -> Request[Totals]:
        """The question for an interval, after the sample that it begins with."""
        before = self._before
        return Request(
            INTERVAL.in_schema(self._schema),
            Totals,
            {
                "watched": list(self._watched),
                "least": least(before, limit) if before else inf,
                "known": before.totals.fingerprint if before else None,
            },
        )

    def _summed(self, totals: Totals) -> Totals:
        """Remember the sums, and whether entries are being thrown away."""
        self._filling = self._totals is not None and totals.thrown_away > self._totals.thrown_away
        self._totals, self._totalled = totals, monotonic()
        return totals

    def _in_interval(self, told: Snapshot, before: Sample | None, sample: Sample, limit: int) -> Snapshot:
        if before is None:
            self._watched = ()
            return told
        if not comparable(before, sample):
            self._watched, self._before = (), None
            return told
        cost = spent(before, sample)
        self._watched = hottest(cost, limit)
        seconds = (sample.totals.as_of - before.totals.as_of).total_seconds()
        return replace(told, statements=between(before, sample, cost)[:limit], seconds=seconds)

    async def _with_texts(self, statements: Sequence[Statement]) -> list[Statement]:
        texts = await self._texts.of({statement.key.queryid for statement in statements}, self._schema)
        return [replace(statement, query=texts[statement.key.queryid]) for statement in statements]

    def _running(self) -> Request[Running]:
        wanted = {"ours": list(self._db.pids), "seconds": SLOW, "text_bytes": TEXT_BYTES, "limit": LIMIT}
        return Request(RUNNING, Running, wanted)

    def _told(self, server: Server, answers: Answers, running: Request[Running]) -> Snapshot:
        """What is known without the statistics."""
        pulse, denied = answers.optional(PULSE), answers.error(running)
        if denied is not None and not isinstance(denied, NoPrivilege):
            raise denied
        return Snapshot(
            as_of=pulse.as_of if pulse else datetime.now(UTC),
            running=[] if denied else answers.rows(running),
            running_denied=_sentence(denied),
            grant=None if server.has_role("pg_read_all_stats") else showing(server),
        )


def _sentence(error: ConsoleError | None) -> str:
    return error.sentence() if error else ""
