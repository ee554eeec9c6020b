"""What every test may use: the servers below tests/fixtures, and an environment without the person's settings."""

import gc
import logging
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fixtures.running import roomy_memory

# A slow machine is no failed property.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Told not to keep bytecode, this run and each of the hundreds of programs it starts would compile all modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Where pytest makes the folders of tmp_path: on a disk each of a thousand costs milliseconds.
if memory := roomy_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

pytest_plugins = [
    "tests.fixtures.availability",
    "tests.fixtures.servers",
    "tests.fixtures.databases",
    "tests.fixtures.drawing",
    "tests.fixtures.examples",
    "tests.fixtures.pooler",
    "tests.fixtures.settling",
    "tests.fixtures.styles",
    "tests.fixtures.timescale",
    "tests.fixtures.versions",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: no search for garbage has to go through thousands of tests again.

    Nor need one come every few milliseconds: a test of a screen makes much that stays until it ends.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 10, 5)
        gc.enable()


@pytest.fixture(autouse=True)
def _untraced() -> Iterator[None]:
    """What --trace-sql sets up for the rest of the process is taken away: its stderr is one test's."""
    log = logging.getLogger("console.sql")
    yield
    log.handlers.clear()
    log.setLevel(logging.NOTSET)


@pytest.fixture(scope="session", autouse=True)
def _no_database_of_the_person() -> None:
    """No test reaches a database by PGHOST, DB_HOST or their kin."""
    for name in list(os.environ):
        if name.startswith(("PG", "DB_")) or name == "NODE_ENV":
            del os.environ[name]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: configuration, state and cache of the product go there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    return tmp_path
