"""What other programs get of a session's connection: its server exactly, and the password where nobody else sees it."""

import os
import subprocess
from pathlib import Path

import pytest

from console.db.handover import Handover
from console.db.session import Session
from console.demo.server import Cluster
from tests.targets import target


async def test_the_server_that_answered(pg18: Cluster, tmp_path: Path) -> None:
    """The first of two hosts is none; the program goes straight to the second."""
    dsn = pg18.dsn("postgres")
    async with await Session.open(
        target(dsn, host=f"{tmp_path},{pg18.socket_dir}", sslmode="disable"), "test"
    ) as session:
        found = session.handover()
    assert found.environment["PGHOST"] == str(pg18.socket_dir)
    assert (found.environment["PGDATABASE"], found.environment["PGUSER"]) == ("postgres", "postgres")
    assert found.environment["PGSSLMODE"] == "disable"
    assert found.password == pg18.password()
    assert pg18.password() not in str(found.environment) + repr(found)
    assert not {"PGPASSWORD", "PGPASSFILE", "PGAPPNAME"} & found.environment.keys()
    assert found.environment["PGOPTIONS"] == ""


async def test_the_password_from_the_environment(pg18: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", pg18.password())
    async with await Session.open(target(pg18.dsn("postgres"), passfile="/dev/null"), "test") as session:
        assert session.handover().password == pg18.password()


async def test_the_password_file_has_no_name(pg18: Cluster) -> None:
    async with await Session.open(target(pg18.dsn("postgres")), "test") as session:
        check(session.handover(), pg18)


def check(found: Handover, pg18: Cluster) -> None:
    """A program of the server signs in by it."""
    with found.passfile() as descriptor:
        facts = os.fstat(descriptor)
        command = [str(pg18.bindir / "psql"), "-X", "-A", "-t", "-w", "-c", "select 'here'"]
        env = {**found.environment, "PGPASSFILE": f"/dev/fd/{descriptor}"}
        answer = subprocess.run(command, env=env, pass_fds=(descriptor,), capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == ("here\n", "")
    assert (facts.st_nlink, facts.st_mode & 0o777) == (0, 0o600)
