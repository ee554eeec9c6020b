"""The engine on TimescaleDB, which here is one backend for all: its flavour, and the whole way up and down."""

from console.migrate.files import default_folder
from tests.fixtures.timescale import Timescale
from tests.migrate.test_verify import checks
from tests.migrate.working import go_down, go_up, read_status


async def test_our_own_migrations_up_and_down(timescale: Timescale) -> None:
    folder, dsn = default_folder(), timescale.dsn()
    # Here it is available without being preloaded, which on other servers would not do.
    result = await go_up(dsn, folder, flavour="timescale")
    assert result.error is None
    assert result.done == ["001", "002", "003", "004", "005"]
    status = await read_status(dsn, folder)
    assert (status.flavour, status.lock) == ("timescale", None)
    assert [(row.flavour, row.state) for row in status.rows[:5]] == [("any", "applied")] * 4 + [
        ("timescale", "applied")
    ]
    assert [check for check in await checks(dsn, folder) if not check.ok] == []
    assert (await go_up(dsn, folder)).done == []
    assert (await go_down(dsn, folder, all=True)).done == ["005", "004", "003", "002", "001"]
