"""The demo's folder: private, one demo at a time, and honest about what is complete."""

import os
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from console.config import file
from console.demo import binaries, build
from console.demo import home as place
from console.demo.account import Account, unprivileged
from console.errors import ConsoleError, Exit, Refused

OURSELVES = Account("me", os.geteuid(), os.getegid())
QUIET = build.Narration(lambda _: None, lambda _: pytest.fail("nothing is to be built"))
SOMEBODY = Account("somebody", os.geteuid() + 1, os.getegid() + 1)


def test_a_person_has_it_in_the_state_directory(home: Path) -> None:
    assert place.location(OURSELVES).is_relative_to(home)


def test_root_has_it_where_the_servers_account_can_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert place.location(SOMEBODY).parent == Path("/tmp")


def test_it_is_private(tmp_path: Path) -> None:
    account = unprivileged()
    place.prepare(tmp_path / "state" / "demo", account)
    mode = (tmp_path / "state" / "demo").stat().st_mode & 0o777
    assert mode == (0o710 if account.process else 0o700)


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").symlink_to(tmp_path)
    with pytest.raises(Refused, match="belongs to somebody else, or is no folder"):
        place.prepare(tmp_path / "demo", OURSELVES)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of somebody else")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    os.chown(tmp_path / "demo", 12345, -1)
    with pytest.raises(Refused, match="belongs to somebody else, or is no folder"):
        place.prepare(tmp_path / "demo", OURSELVES)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be made"):
        place.prepare(tmp_path / "file" / "demo", OURSELVES)


def test_a_second_demo_is_refused_and_named(tmp_path: Path) -> None:
    with (
        place.occupied(tmp_path),
        pytest.raises(Refused, match=f"process {os.getpid()}") as caught,
        place.occupied(tmp_path),
    ):
        pass
    assert caught.value.exit == Exit.REFUSED


def test_a_lock_that_leads_elsewhere_is_refused_and_nothing_there_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    (tmp_path / "lock").symlink_to(tmp_path / "letter")
    with pytest.raises(Refused, match="cannot be written"), place.occupied(tmp_path):
        pass
    assert (tmp_path / "letter").read_text() == "dear"


def test_a_second_demo_is_told_how_to_reach_the_first(tmp_path: Path) -> None:
    with place.occupied(tmp_path):
        place.announce(tmp_path, "host=/run/x dbname=emr")
        with pytest.raises(Refused, match=f"process {os.getpid()}\\)") as caught, place.occupied(tmp_path):
            pass
    assert "emr-console --dsn 'host=/run/x dbname=emr'" in caught.value.hint


def test_the_next_demo_may_have_it(tmp_path: Path) -> None:
    for _ in range(2):
        with place.occupied(tmp_path):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_what_was_built_is_remembered_until_it_is_forgotten(tmp_path: Path) -> None:
    built = place.Built(0.05, {"users": 50}, "5eed")
    assert place.built(tmp_path) is None
    place.remember(tmp_path, built)
    assert place.built(tmp_path) == built
    place.forget(tmp_path)
    assert place.built(tmp_path) is None


def test_a_note_that_is_no_file_is_none_and_can_be_taken_back(tmp_path: Path) -> None:
    (tmp_path / place.MARKER).mkdir()
    assert place.built(tmp_path) is None
    place.forget(tmp_path)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"scale": 1}', '{"unknown": 1}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / place.MARKER).write_text(text)
    assert place.built(tmp_path) is None


async def test_whatever_the_umask_the_servers_account_may_write_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "location", lambda _: tmp_path / "state" / "demo")
    monkeypatch.setattr(binaries, "within_reach", lambda *_: Path("/nowhere"))
    before = os.umask(0)
    try:
        with pytest.raises(FileNotFoundError, match="/nowhere"):
            await AsyncExitStack().enter_async_context(build.running(build.Wish(), QUIET))
        assert os.umask(0) == 0, "it is as it was"
    finally:
        os.umask(before)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    found = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "state" / "demo").iterdir()}
    assert found == {"lock": 0o600, "pgpass": 0o600, "data": 0o700}


def test_an_account_without_a_name_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    with pytest.raises(Refused, match=r"yours \(number 4000000000\) has none"):
        unprivileged()


@pytest.mark.parametrize("find", [lambda: place.location(OURSELVES), file.default_path])
def test_who_has_no_home_is_told_so(find: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(ConsoleError, match="HOME names no folder"):
        find()


def test_a_name_that_no_connection_string_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not UTF-8"):
        place.prepare(tmp_path / os.fsdecode(b"\xff"), OURSELVES)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("complete", [True, False])
async def test_only_what_is_complete_is_kept_until_another_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: bool
) -> None:
    """What is not would take the room that the next attempt needs."""
    monkeypatch.setattr(place, "location", lambda _: tmp_path)
    monkeypatch.setattr(binaries, "within_reach", lambda *_: Path("/nowhere"))
    tmp_path.joinpath("data").mkdir()
    if complete:
        place.remember(tmp_path, place.Built(0.05, {}, ""))
    with pytest.raises(FileNotFoundError, match="/nowhere"):
        await AsyncExitStack().enter_async_context(build.running(build.Wish(fresh=True), QUIET))
    assert ("data.old" in names(tmp_path)) == complete
