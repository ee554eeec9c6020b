"""One TimescaleDB with jobs for each module that asks for it."""

from collections.abc import Iterator

import pytest

from console.db.session import Session
from console.migrate import ledger
from tests.fixtures.running import complete
from tests.fixtures.timescale import Timescale
from tests.services.jobs.ward import WARD, Ward


@pytest.fixture(scope="module")
def ward(timescale: Timescale) -> Ward:
    """The module's own, with a ledger."""
    made = Ward(timescale)
    made.ask(WARD)
    complete(_ledger(made))
    return made


async def _ledger(ward: Ward) -> None:
    async with await Session.open(ward.target, "act") as session:
        await ledger.ready(session)


@pytest.fixture
def well(ward: Ward) -> Iterator[None]:
    """At the end of a test no job has ever run."""
    yield
    ward.forget()
