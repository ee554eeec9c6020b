"""What copying puts where, on a real terminal and in a real tmux."""

import re
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.availability import Missing
from tests.terminal import Terminal
from tests.ui.test_pty import SAMPLE, back, leave, sample

ROW = "1001\tdba\tidle\t3 h\tselect ? from tasks where id = 1"


def clipboard(raw: bytes) -> list[str]:
    """What was put on the terminal's clipboard; tmux names no selection there."""
    return [b64decode(found).decode() for found in re.findall(rb"\x1b\]52;c?;([A-Za-z0-9+/=]+)\x07", raw)]


def saved(home: Path) -> str:
    """What was left in a file, which nobody else can read."""
    [path] = home.rglob("copy.txt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text()


@contextmanager
def tmux(folder: Path, missing: Missing) -> Iterator[tuple[Terminal, list[str]]]:
    """The sample's console in a tmux with its default settings, and the words that speak to that tmux."""
    program = shutil.which("tmux")
    if program is None:
        missing("tmux is not installed")
    command = [program, "-S", str(folder / "tmux"), "-f", "/dev/null"]
    try:
        with Terminal([*command, "new-session", sys.executable, str(SAMPLE)], env={"SAMPLE": "idle"}) as terminal:
            yield terminal, command
    finally:
        subprocess.run([*command, "kill-server"], check=False, capture_output=True)


def test_the_terminals_own_clipboard() -> None:
    with sample("idle") as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("jy")
        terminal.wait_for("copied: sent to the terminal's clipboard")
        assert clipboard(bytes(terminal.raw)) == [ROW]
        leave(terminal)


def test_tmux_has_it_in_its_buffer_and_sends_it_on(tmp_path: Path, missing: Missing) -> None:
    with tmux(tmp_path, missing) as (terminal, command):
        terminal.wait_for(r"live\s*$")
        terminal.send("jy")
        terminal.wait_for("copied: in tmux's buffer and, if the terminal")
        shown = subprocess.run([*command, "show-buffer"], check=True, capture_output=True, text=True)
        assert shown.stdout == ROW
        assert clipboard(bytes(terminal.raw)) == [ROW]
        terminal.send("q")
        assert terminal.wait() == 0


def old_tmux(folder: Path) -> Path:
    """A tmux that knows no -w."""
    program = folder / "tmux"
    program.write_text(f'#!/bin/sh\n[ "$2" = -w ] && exit 1\ncat > {folder}/buffer\n')
    program.chmod(0o700)
    return folder / "buffer"


def test_an_older_tmux_has_it_in_its_buffer_only(tmp_path: Path) -> None:
    buffer = old_tmux(tmp_path)
    with sample("idle", env={"TMUX": "/nowhere,1,0", "PATH": f"{tmp_path}:/usr/bin:/bin"}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("jy")
        terminal.wait_for("copied: in tmux's buffer")
        assert "clipboard" not in terminal.text
        assert buffer.read_text() == ROW
        assert clipboard(bytes(terminal.raw)) == []
        leave(terminal)


@pytest.mark.parametrize("env", [{"TMUX": "/nowhere,1,0", "PATH": "/nonexistent"}, {"TERM": "vt100"}])
def test_a_file_where_there_is_no_clipboard(home: Path, env: dict[str, str]) -> None:
    with sample("idle", env={"HOME": str(home), **env}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("jy")
        terminal.wait_for("copied to")
        assert saved(home) == ROW
        assert clipboard(bytes(terminal.raw)) == []
        leave(terminal)


def test_a_file_for_what_is_too_long(home: Path) -> None:
    with sample("long", env={"HOME": str(home)}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("\r")
        terminal.wait_for(r"^  statement")
        terminal.send("y")
        terminal.wait_for("too long for a clipboard: copied to")
        assert saved(home) == "x" * 100_000
        assert clipboard(bytes(terminal.raw)) == []
        back(terminal, "y copy")
        leave(terminal)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with sample("idle", env={"XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "vt100"}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("y")
        terminal.wait_for("It could not be copied: Not a directory")
        leave(terminal)


def test_hostile_text_is_copied_as_it_reads() -> None:
    with sample("hostile") as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("y")
        terminal.wait_for("copied: sent")
        [copied] = clipboard(bytes(terminal.raw))
        assert copied.replace("\t", "").isprintable()
        leave(terminal)
