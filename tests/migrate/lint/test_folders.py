"""Lint over whole folders: our own migrations, those they replace, waivers, and what refuses `up` and `down`."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from console.errors import Exit, Refused
from console.migrate.files import Folder, default_folder, read_folder, read_script
from console.migrate.lint.gate import refuse_lint
from console.migrate.lint.lint import lint
from console.migrate.models import Recorded
from console.migrate.step import Down, Up
from tests.migrate.lint.seed import FILES, GOLDEN
from tests.migrate.working import write

OURS = default_folder()


def test_our_migrations_are_clean() -> None:
    assert [finding for finding in lint(read_folder(OURS)) if finding.waived is None] == []


INVOKER = "ALTER VIEW tasks_with_patients SET (security_invoker = true);"
MISTAKES = [
    ("001_initial_schema.up.sql", "(SELECT u.department_id FROM", "(SELECT shift_id FROM", "EM11"),
    ("001_initial_schema.up.sql", "FUNCTION current_user_id", "FUNCTION current_somebody", "EM06 EM07 EM10"),
    ("001_initial_schema.down.sql", "DROP TABLE shifts;", "DROP TABLE shifts CASCADE;", "EM08"),
    ("002_add_audit_logs.up.sql", "SECURITY DEFINER SET search_path = pg_catalog, pg_temp", "SECURITY DEFINER", "EM17"),
    ("002_add_audit_logs.up.sql", "logs_pkey PRIMARY KEY (id, created_at)", "logs_pkey PRIMARY KEY (id)", "TS01"),
    ("003_add_vector_clocks.down.sql", "DROP FUNCTION update_vector_clock_timestamp();", "", "EM07"),
    ("003_add_vector_clocks.down.sql", "DROP COLUMN vector_clock_timestamp", "DROP COLUMN vector_clock", "EM06 EM07"),
    ("004_add_patients_table.up.sql", INVOKER, "", "EM15"),
    ("004_add_patients_table.up.sql", INVOKER, "COMMIT;", "EM02 EM15"),
    ("004_add_patients_table.down.sql", "DROP TABLE patients;", "DROP TABLE patients; DROP TABLE shifts;", "EM06"),
    ("005_add_timescaledb.timescale.up.sql", "entity_type, action\nWITH NO DATA;", "entity_type, action;", "TS03"),
    ("005_add_timescaledb.timescale.up.sql", "interval '3 days'", "interval '90 minutes'", "TS08"),
    ("005_add_timescaledb.timescale.up.sql", "interval '7 years'", "interval '6 years'", "TS10"),
]
"""File, text, another text in its place, and the rules that speak then."""


@pytest.mark.parametrize(("file", "old", "new", "rules"), MISTAKES)
def test_a_mistake_in_ours(tmp_path: Path, file: str, old: str, new: str, rules: str) -> None:
    """Rules that are silent about our files are not blind: one change, and exactly those rules speak."""
    shutil.copytree(OURS, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), "utf-8")
    assert {finding.rule for finding in lint(read_folder(tmp_path))} == set(rules.split())


def test_what_ours_replace(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = lint(read_folder(tmp_path))
    assert [f"{each.file.removesuffix('.sql')} {each.line} {each.rule}" for each in found] == GOLDEN.split("\n")[1:-1]


def test_waivers(tmp_path: Path) -> None:
    header = '-- emr: waive = EM14 "a copy for a day"\n-- emr: waive = EM18 "there is none"\n'
    write(
        tmp_path,
        "001_first",
        up=f"{header}create table a (id int);\ncreate view v as select * from a",
        down="drop view v; drop table a",
    )
    found = [(each.rule, each.severity, each.line, each.waived) for each in lint(read_folder(tmp_path))]
    assert found == [("EM18", "W", 1, None), ("EM14", "W", 4, "a copy for a day")]


def test_a_waiver_that_one_flavour_needs(tmp_path: Path) -> None:
    write(tmp_path, "001_first.plain", up="create table a (id int)", down="drop table a")
    write(
        tmp_path,
        "001_first.timescale",
        up="create table a (id int, at date); select create_hypertable('a', 'at')",
        down="drop table a",
    )
    write(
        tmp_path,
        "002_second",
        up='-- emr: waive = TS01 "it is dropped tomorrow"\ncreate unique index i on a (id)',
        down="drop index i",
    )
    folder = read_folder(tmp_path)
    assert [each.waived for each in lint(folder)] == ["it is dropped tomorrow"]
    assert [each.waived for each in lint(folder, "timescale")] == ["it is dropped tomorrow"]
    assert lint(folder, "plain") == []


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    write(tmp_path, "001_good", up="create table a (id int)", down="drop table a")
    write(
        tmp_path,
        "002_bad",
        up="select 1;\ncreate role r password 'x'",
        down="select 1;\ndrop table a;\ndrop role r cascade",
    )
    write(tmp_path, "003_warned", up="create view v as select * from a", down="drop view if exists v")
    return read_folder(tmp_path)


def row(version: str, name: str) -> Recorded:
    return Recorded.model_construct(version=version, name=name, run_id=UUID(int=1), applied_at=datetime.now(UTC))


def test_the_gate(folder: Folder) -> None:
    good, bad, warned = folder.migrations
    refuse_lint(folder.migrations, [])
    refuse_lint(folder.migrations, [Up(good), Up(warned)])
    with pytest.raises(Refused, match=r"002_bad\.up\.sql, line 2: A password .* EM18$") as caught:
        refuse_lint(folder.migrations, [Up(good), Up(bad)])
    assert caught.value.exit == Exit.REFUSED
    assert 'waive = EM18 "why"' in caught.value.hint
    assert good.down is not None
    assert bad.down is not None
    refuse_lint(folder.migrations, [Down(row("001", "good"), good.down, stored=False)])
    with pytest.raises(Refused, match=r"002_bad\.down\.sql, line 2: .* EM06 \(1 more in this file\.\)$"):
        refuse_lint(folder.migrations, [Down(row("002", "bad"), bad.down, stored=False)])


def test_the_gate_and_a_text_of_the_ledger(folder: Folder) -> None:
    """Its up is not at hand, so nothing is said about what it drops; the rest is looked at as ever."""
    kept = read_script("004_lost.down.sql in the ledger", "drop table lost; drop view also_lost")
    refuse_lint(folder.migrations, [Down(row("004", "lost"), kept, stored=True)])
    kept = read_script("004_lost.down.sql in the ledger", "drop table lost cascade")
    with pytest.raises(Refused, match="EM08"):
        refuse_lint(folder.migrations, [Down(row("004", "lost"), kept, stored=True)])


def test_the_gate_needs_no_parser() -> None:
    code = f"""
import sys
from pathlib import Path
from console.migrate.files import read_folder
from console.migrate.lint.gate import refuse_lint
from console.migrate.step import Up
chain = read_folder(Path({str(OURS)!r})).of("timescale")
refuse_lint(chain, [Up(migration) for migration in chain])
print("sqlglot" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
