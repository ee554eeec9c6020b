"""Completion scripts: they parse, they name every command, and what they offer is what can be typed."""

import argparse
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from console.cli.main import build_parser, run


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints for a shell."""
    assert run(["completion", shell]) == 0
    return capsys.readouterr().out


def paths(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command there is, as the words that lead to it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield (*path, name)
                yield from paths(inner, (*path, name))


def after(typed: str, code: str) -> list[str]:
    """What bash offers behind these words, the last of which is being typed."""
    words = " ".join(f'"{word}"' for word in typed.split(" "))
    ask = f'COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _emr_console; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{code}\n{ask}"], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_takes_it_and_finds_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code = script("bash", capsys)
    subprocess.run(["bash", "-n"], input=code, text=True, check=True)
    for path in paths(build_parser()):
        assert f'" {" ".join(path)}") echo ' in code
    assert after("emr-console mig", code) == ["migrate"]
    assert {"up", "down", "lint"} <= set(after("emr-console migrate ", code))
    assert "--rehearse" in after("emr-console migrate plan down --", code)
    assert after("emr-console --dsn migrate stat", code) == ["statements"], "migrate is a value here"
    assert after("emr-console statements --order m", code) == ["mean"]
    assert after("emr-console completion ", code) == ["bash", "zsh", "fish", "--help"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_hear_of_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = script(shell, capsys)
    assert [path for path in paths(build_parser()) if path[-1] not in code] == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_take_it(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed on this machine")
    subprocess.run([program, "-n", "/dev/stdin"], input=script(shell, capsys), text=True, check=True)


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "csh"]) == 2
    assert "bash" in capsys.readouterr().err
