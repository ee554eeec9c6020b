"""Nothing of a patient is read anywhere without an event before it: panes, twins, narration, files, recordings."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from console.cli.main import run
from console.errors import UsageError
from console.registry import PANES
from console.services.history.squeeze import restored
from console.ui.notice import State
from console.ui.tabs import TabbedPane
from tests.migrate.working import ask
from tests.panes import looks
from tests.panes.audit.test_on_server import screen
from tests.panes.hospital import SESSION, found_in, personal
from tests.targets import target
from tests.ui.waiting import until


async def test_nothing_of_a_patient_in_any_pane(hospital: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pane and tab, while somebody's statement quotes a patient's data."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    hidden = personal(hospital)
    last, mrn = ask(hospital, "select last_name, mrn from patients order by mrn limit 1")[0]
    kinds = [place.kind() for place in PANES]
    app = looks.console(*kinds, where=target(hospital))
    leaks: dict[str, list[str]] = {}
    with psycopg.connect(hospital) as somebody:
        somebody.execute(f"select * from patients where last_name = '{last}' and mrn = '{mrn}' for update")
        async with app.run_test(size=(200, 50)) as pilot, app.database:
            for kind in kinds:
                await app.action_show_pane(kind.NAME)
                for tab in kind.TABS if issubclass(kind, TabbedPane) else (kind,):
                    if issubclass(kind, TabbedPane):
                        await app._switcher.get_child_by_id(kind.NAME, kind).action_show_tab(tab.NAME)
                    await until(pilot, lambda: app.shown.state is not State.LOADING)
                    if tab.NAME == "review":
                        await pilot.press("enter")
                        await until(pilot, lambda: app.shown.state is State.DATA)
                    leaks[tab.NAME] = found_in(await screen(pilot), hidden)
    assert {name: found for name, found in leaks.items() if found} == {}
    assert len(leaks) > 16


def test_nothing_of_a_patient_in_any_twin(
    hospital: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What commands print, their narration with every statement, their files, a recording."""
    hidden = personal(hospital)
    ((id_, mrn, last),) = ask(hospital, "select id, mrn, last_name from patients order by mrn limit 1")
    why = ["--reason", "proof that nobody is named"]
    files = {name: tmp_path / name for name in ("a.csv", "a.jsonl", "a.ndjson", "a.html", "r.csv", "r.html", "w.csv")}
    commands: list[list[str]] = [
        *([name] for name in ("health", "verify", "sessions", "locks", "statements", "database", "tables", "indexes",
                              "replication", "progress", "hypertables", "chunks", "aggregates", "retention", "jobs")),
        ["roles", "plan"], ["migrate", "status"], ["migrate", "plan", "down", "--last"], ["migrate", "history"],
        ["patients", "find", mrn], ["patients", "find", last], ["patients", "show", str(id_)],
        *(["audit", "search", query] for query in (f"patient:{mrn} since:all", "bulk", f'"{last}" since:1y',
                                                   f"user:{last}", f"session:{SESSION}", "action:export since:all")),
        ["audit", "review", "--all"], ["audit", "review", "cadence"], ["audit", "seal"], ["audit", "verify", "--seals"],
        *(["audit", "export", f"patient:{mrn} since:all", "--format", format_, "--output", str(files[name]), *why]
          for format_, name in (("csv", "a.csv"), ("jsonl", "a.jsonl"), ("fhir", "a.ndjson"), ("html", "a.html"))),
        ["audit", "report", "disclosures", "--patient", mrn, "--output", str(files["r.html"]), *why],
        ["audit", "report", "disclosures", "--patient", mrn, "--format", "csv", "--output", str(files["r.csv"]), *why],
        ["audit", "report", "review", "--format", "csv", "--output", str(files["w.csv"]), *why],
    ]  # fmt: skip
    printed: dict[str, str] = {}
    with psycopg.connect(hospital) as somebody:
        somebody.execute(f"select * from patients where last_name = '{last}' and mrn = '{mrn}' for update")
        for words in commands:
            code = run(["--dsn", hospital, "--verbose", "--trace-sql", *words, "--json"])
            printed[" ".join(words)] = "".join(capsys.readouterr())
            assert code in (0, 1, 16), (words, printed[" ".join(words)])
        assert run(["--dsn", hospital, "record", str(tmp_path / "night"), "--every", "1s", "--for", "1s"]) == 0
        capsys.readouterr()
    written = {path.name: unpacked(path) for path in tmp_path.iterdir() if path.is_file()}
    assert {name for name in written if ".masked." in name and not name.endswith(".json")} == {
        name.replace(".", ".masked.") for name in files
    }
    kept = {path.name: path.read_text() for path in home.rglob("*.jsonl")}
    for told in (printed, written, kept):
        assert {name: found for name, text in told.items() if (found := found_in(text, hidden) if told is not printed
                else found_in(text.replace(" ".join(name.split()), ""), hidden))} == {}  # fmt: skip


def unpacked(path: Path) -> str:
    """A file as text; what a recording holds is packed, as what differs from something before it."""
    if path.read_bytes()[:6] != b"SQLite":
        return path.read_text("utf-8")
    with closing(sqlite3.connect(path)) as recording:
        names = [name for (name,) in recording.execute("select name from sqlite_master where type = 'table'")]
        cells = [cell for name in names for row in recording.execute(f"select * from {name}") for cell in row]
    texts = [b""]
    for cell in cells:
        texts.append(next(_restored(cell, texts)) if isinstance(cell, bytes) else str(cell).encode())
    assert any(b"backend_start" in text for text in texts)
    return b"\n".join(texts).decode("utf-8")


def _restored(body: bytes, bases: list[bytes]) -> Iterator[bytes]:
    for base in bases:
        with suppress(UsageError):
            yield restored(body, base)
