"""`emr-console health`: its JSON, its exit codes, and the file for node_exporter."""

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from console.cli.main import run
from console.services.health import service
from console.services.health.catalogue import CHECKS

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = rf'{NAME}="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})\{{({LABEL}(?:,{LABEL})*)\}} (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)")
KEYS = {"id", "title", "level", "value", "threshold", "evidence", "remedy", "pane", "snoozed"}

PREFIX = "emr_console_health"


def parsed(text: str) -> dict[str, dict[str, float]]:
    """Prometheus' text format, strictly: each metric once, HELP and TYPE first, no label twice, a last newline."""
    assert text.endswith("\n")
    found: dict[str, dict[str, float]] = {}
    helped = typed = ""
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            helped = line.split(" ")[2]
            assert helped not in found
            assert len(line.split(" ", 3)[3]) > 5
        elif line.startswith("# TYPE "):
            typed, kind = line.split(" ")[2:]
            assert (typed, kind) == (helped, "gauge")
            found[typed] = {}
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            name, labels, value = match.groups()
            assert name == typed
            names = re.findall(rf"({NAME})=", labels)
            assert len(names) == len(set(names))
            assert labels not in found[name]
            found[name][labels] = float(value)
    return found


def asked(capsys: pytest.CaptureFixture[str], dsn: str, *words: str) -> tuple[int, Any]:
    """The exit code, and what --json prints."""
    code = run(["--dsn", dsn, "health", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def test_rows_exit_codes_and_the_file_for_node_exporter(
    pg18_migrated: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "emr.prom"
    file.write_text("old")
    code, found = asked(capsys, pg18_migrated, "--prometheus", str(file))
    assert (code, found["level"], found["flavour"]) == (1, "crit", "plain")  # fsync is off here
    assert all(row.keys() == KEYS for row in found["rows"])
    order = ["crit", "warn", "unknown", "ok"]
    levels = [order.index(row["level"]) for row in found["rows"]]
    assert levels == sorted(levels)
    by_id = {row["id"]: row for row in found["rows"]}
    assert by_id["D11"]["remedy"].startswith("alter system set fsync = on;")
    assert by_id["D19"]["evidence"] == "migrations 5 of 5 applied, 2 manual pending"
    metrics = parsed(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []
    told = {re.findall(r'check="(\w+)"', labels)[0]: value for labels, value in metrics[f"{PREFIX}_level"].items()}
    numbers = {"ok": 0, "unknown": 1, "warn": 2, "crit": 3}
    assert told == {row["id"]: numbers[row["level"]] for row in found["rows"]}
    assert list(metrics[f"{PREFIX}_up"].values()) == [1]


def configured(folder: Path, text: str) -> Path:
    """The configuration of a process that starts now."""
    written = folder / "emr-console" / "config.toml"
    written.parent.mkdir(parents=True)
    written.write_text(text)
    return written


def test_a_profile_has_its_own_thresholds(
    pg18_migrated: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(home / "config", f'[profiles.here]\ndsn = "{pg18_migrated}"\nhealth.connections_warn = 0\n')
    assert run(["--profile", "here", "health", "--json"]) == 1
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert (rows["D01"]["level"], rows["D01"]["threshold"]) == ("warn", 0)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "other"))
    written = configured(home / "other", "[profiles.here]\n\n[profiles.here.health]\nconections_warn = 70\n")
    assert run(["--profile", "here", "health"]) == 2
    said = capsys.readouterr().err
    assert f"{written}, line 4: profiles.here.health.conections_warn: there is no such key." in said


def test_critical_only(
    pg18_migrated: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """These servers run without fsync, which is critical; without that check only a warning is left."""
    assert asked(capsys, pg18_migrated, "--critical-only")[0] == 1
    monkeypatch.setattr(service, "CHECKS", [check for check in CHECKS if check.id in ("H20", "D01")])
    assert asked(capsys, pg18_migrated)[0] == 1
    assert asked(capsys, pg18_migrated, "--critical-only")[0] == 0


def test_a_database_that_is_away_is_in_the_file(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "emr.prom"
    assert run(["--dsn", "host=127.0.0.1 port=1 user=ana dbname=emr", "health", "--prometheus", str(file)]) == 3
    assert {name: list(samples.values()) for name, samples in parsed(file.read_text()).items()} == {f"{PREFIX}_up": [0]}


AWAY = ("--dsn", "host=127.0.0.1 port=1 user=ana dbname=emr", "health", "--prometheus")
"""What asks nobody, so that only the file is of interest."""


def test_a_file_that_is_elsewhere_is_written_there(home: Path, tmp_path: Path) -> None:
    link, file = tmp_path / "link.prom", tmp_path / "emr.prom"
    link.symlink_to(file)
    for _ in ("made", "replaced"):
        assert run([*AWAY, str(link)]) == 3
        assert link.is_symlink()
        assert f"{PREFIX}_up" in file.read_text()
        file.write_text("old")


def test_what_is_no_file_stays(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "emr.prom"
    os.mkfifo(pipe)
    assert run([*AWAY, str(pipe)]) == 2
    assert f"{pipe} is no regular file. Nothing was written. Name a file." in capsys.readouterr().err
    assert pipe.is_fifo()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a link of somebody else")
def test_a_link_of_somebody_else_leads_nowhere(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link, file = tmp_path / "link.prom", tmp_path / "shadow"
    link.symlink_to(file)
    os.chown(link, 12345, -1, follow_symlinks=False)
    assert run([*AWAY, str(link)]) == 2
    assert f"{link} is a link that somebody else has made." in capsys.readouterr().err
    assert not file.exists()


def test_a_folder_that_cannot_be_written(pg18_migrated: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--dsn", pg18_migrated, "health", "--prometheus", str(home / "nowhere" / "emr.prom")]) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err
