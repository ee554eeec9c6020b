"""What the README promises exists: commands, options, panes with pictures, profiles, the two commands of CI."""

import argparse
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from console.cli.main import build_parser
from console.config.settings import Settings
from console.errors import Exit
from console.panes.sessions.columns import COLUMNS
from console.registry import PANES
from console.ui.filter import parse_filter
from tests.panes import looks

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
TOLD = sorted(set(re.findall(r"`emr-console ([a-z][^`]*)`", README)))


@cache
def everything() -> argparse.ArgumentParser:
    """The parser of all commands."""
    return build_parser()


def parsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The subcommands of a parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def found(words: list[str]) -> tuple[argparse.ArgumentParser, list[str]]:
    """The parser of the command that words begin with, and what stands behind it."""
    parser: argparse.ArgumentParser = everything()
    while words and words[0] in parsers(parser):
        parser, words = parsers(parser)[words[0]], words[1:]
    return parser, words


def test_every_command_and_option_exists() -> None:
    assert {command: unknown for command in TOLD if (unknown := not_there(command))} == {}


def not_there(command: str) -> set[str]:
    """The words of a command that its parser does not know."""
    parser, words = found(re.sub(r"[\[\]|]", " ", command).split())
    options = {option for action in parser._actions for option in action.option_strings}
    subcommand = {word for word in words[:1] if not word.startswith("--") and not word.isupper()}
    return subcommand | {word for word in words if word.startswith("--")} - options


IN_THE_TABLE = [
    command
    for row in re.findall(r"^\| (`emr-console [^|]*(?:\\\|[^|]*)*)\|", README, re.MULTILINE)
    for command in re.findall(r"`emr-console ([a-z][^`]*)`", row)
]


def test_the_table_names_what_a_command_needs() -> None:
    assert {command: untold for command in IN_THE_TABLE if (untold := not_told(command))} == {}


def not_told(command: str) -> list[str]:
    """What this command needs and its row does not name."""
    parser, words = found(re.sub(r"[\[\],]", " ", command).split())
    needed = [action for action in parser._actions if action.required and action.nargs != argparse.PARSER]
    named = [{*action.option_strings, str(action.metavar or action.dest.upper())} for action in needed]
    return [action.dest for action, names in zip(needed, named, strict=True) if not names & {*words}]


def test_every_command_is_told() -> None:
    told = {command.split()[0] for command in TOLD}
    assert set(parsers(everything())) == told


@pytest.mark.parametrize("pane", PANES, ids=lambda pane: str(pane.NAME))
def test_every_pane_has_its_section_and_picture(pane: type) -> None:
    name, title, key = pane.NAME, pane.TITLE, pane.KEY  # type: ignore[attr-defined]
    assert f"### {title} (key {key}, `emr-console " in README
    assert f"![{title}](screenshots/{name}.svg)" in README
    for picture in (f"{name}.svg", f"{name}-80x24.svg"):
        assert (ROOT / "screenshots" / picture).read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("wanted", ["state:active", "app!:psql", "age>30s"])
def test_every_filter_finds_what_it_says(wanted: str) -> None:
    assert f"`{wanted}`" in README
    keep = parse_filter(wanted, COLUMNS)
    assert keep is not None
    found = [session for session in looks.busy().sessions if keep(session)]
    assert 0 < len(found) < len(looks.busy().sessions)


def test_every_exit_code_is_one_of_ours() -> None:
    told = re.findall(r"^\| ([\d, ]+) \|", README, re.MULTILINE)
    assert {int(code) for row in told for code in row.split(",")} <= {int(code) for code in Exit}


def test_the_example_of_the_configuration_is_accepted() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert set(Settings.model_validate(tomllib.loads(example)).profiles) == {"staging", "production"}


def test_ci_runs_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (pattern,) = re.findall(r"sed -n 's/(.*?)/\\1/p' README.md", script)
    expression = pattern.replace(r"\(", "(").replace(r"\)", ")")
    assert len([line for line in README.splitlines() if re.match(expression, line)]) == 1


def test_the_version_is_said() -> None:
    done = subprocess.run([sys.executable, "-m", "console", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"emr-console \d+\.\d+\.\d+\n", done.stdout)
