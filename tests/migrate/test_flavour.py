"""Which flavour a database gets."""

from pathlib import Path

import pytest

from console.errors import Exit, Refused
from console.migrate.flavour import choose, offered
from console.migrate.models import Meta, Recorded
from console.migrate.server_models import TimescaleDB
from tests.migrate.working import ask, go_down, go_up, tables, write


def facts(**changed: object) -> TimescaleDB:
    """A server without TimescaleDB, changed."""
    plain = {"installed": None, "available": None, "license": None, "preloaded": False, "may_create": False}
    return TimescaleDB.model_validate(plain | changed)


@pytest.mark.parametrize(
    ("server", "flavour"),
    [
        (facts(), "plain"),
        (facts(installed="2.23.0", license="timescale"), "timescale"),
        (facts(installed="2.23.0", license="apache"), "plain"),
        (facts(available="2.23.0", preloaded=True, may_create=True), "timescale"),
        (facts(available="2.23.0", preloaded=True, may_create=True, license="apache"), "plain"),
        (facts(available="2.23.0", preloaded=False, may_create=True), "plain"),
        (facts(available="2.23.0", preloaded=True, may_create=False), "plain"),
        (facts(preloaded=True, may_create=True), "plain"),
    ],
)
def test_what_a_server_offers(server: TimescaleDB, flavour: str) -> None:
    assert offered(server) == flavour


def recorded(flavour: str, state: str = "applied") -> Recorded:
    """One migration of the ledger."""
    return Recorded.model_construct(version="005", name="x", flavour=flavour, state=state)


def kept(flavour: str) -> Meta:
    """The ledger's own row."""
    return Meta.model_validate({"version": 1, "flavour": flavour, "runs": [], "contradictions": []})


def test_the_ledger_keeps_the_choice() -> None:
    timescale = facts(installed="2.23.0", license="timescale")
    assert choose(timescale, None, kept("plain"), [recorded("any")]) == "plain"
    assert choose(timescale, None, kept("plain"), []) == "timescale"
    assert choose(timescale, None, None, []) == "timescale"
    assert choose(timescale, "plain", kept("timescale"), [recorded("any")]) == "plain"


def test_a_choice_that_was_made_cannot_be_turned() -> None:
    with pytest.raises(Refused, match="005_x is applied here in its plain flavour") as caught:
        choose(facts(), "timescale", kept("plain"), [recorded("plain")])
    assert caught.value.exit == Exit.REFUSED


def test_what_only_failed_binds_nobody() -> None:
    failed, timescale = [recorded("timescale", "failed_clean")], kept("timescale")
    assert choose(facts(), "plain", timescale, failed) == "plain"
    assert choose(facts(), None, timescale, failed) == "plain"
    assert choose(facts(), None, timescale, [*failed, recorded("any")]) == "timescale"


async def test_after_a_failure_the_other_flavour_may_be_had(pg18_database: str, tmp_path: Path) -> None:
    write(tmp_path, "001_x", up="create table x ()")
    write(tmp_path, "002_y.timescale", up="select nothing")
    write(tmp_path, "002_y.plain", up="create table y ()")
    result = await go_up(pg18_database, tmp_path, flavour="timescale")
    assert (result.done, result.exit) == (["001"], Exit.FAILED)
    assert (await go_up(pg18_database, tmp_path, flavour="plain")).done == ["002"]
    assert tables(pg18_database) == ["x", "y"]
    recorded_as = "select flavour, state from emr_console.migration where version = '002'"
    assert ask(pg18_database, recorded_as) == [("plain", "applied_unverified")]
    assert ask(pg18_database, "select flavour from emr_console.meta") == [("plain",)]


async def test_up_and_down_use_the_files_of_the_flavour(pg18_database: str, tmp_path: Path) -> None:
    for flavour in ("plain", "timescale"):
        write(tmp_path, f"001_x.{flavour}", up=f"create table made_{flavour} ()", down=f"drop table made_{flavour}")
    await go_up(pg18_database, tmp_path, flavour="timescale")
    assert tables(pg18_database) == ["made_timescale"]
    assert ask(pg18_database, "select flavour from emr_console.meta") == [("timescale",)]
    assert (await go_up(pg18_database, tmp_path)).done == []
    assert (await go_down(pg18_database, tmp_path, all=True)).done == ["001"]
    assert tables(pg18_database) == []
