"""What copying puts where, on a real terminal and in a real tmux."""

import re
import shlex
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fixtures.availability import Missing
from tests.terminal import Terminal
from tests.ui.sample import LONG
from tests.ui.test_pty import COLOUR, SAMPLE, back, leave, sample

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
def tmux(folder: Path, missing: Missing, *, then: str = "") -> Iterator[tuple[Terminal, list[str]]]:
    """The sample's console in a tmux with its default settings, and the words that speak to that tmux."""
    program = shutil.which("tmux")
    if program is None:
        missing("tmux is not installed")
    command = [program, "-S", str(folder / "tmux"), "-f", "/dev/null"]
    try:
        shell = f"{shlex.join([sys.executable, str(SAMPLE)])}; {then}"
        with Terminal([*command, "new-session", shell], env={"SAMPLE": "idle"}) as terminal:
            yield terminal, command
    finally:
        subprocess.run([*command, "kill-server"], check=False, capture_output=True)


def test_the_terminals_own_clipboard_and_a_file_for_what_is_too_long(home: Path) -> None:
    with sample("odd", env={"HOME": str(home)}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("y")
        terminal.wait_for("copied: sent to the terminal's clipboard")
        [hostile] = clipboard(bytes(terminal.raw))
        assert hostile.replace("\t", "").isprintable(), "it is copied as it reads"
        terminal.send("jy")
        terminal.until(lambda: len(clipboard(bytes(terminal.raw))) == 2, "copied no second row")
        assert clipboard(bytes(terminal.raw)) == [hostile, ROW]
        terminal.send("j\r")
        terminal.wait_for(r"^  statement")
        terminal.send("y")
        terminal.wait_for("too long for a clipboard: copied to")
        assert saved(home) == LONG
        assert clipboard(bytes(terminal.raw)) == [hostile, ROW]
        back(terminal, "y copy")
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
    program.write_text(f'#!/bin/sh\n[ "$2" = -w ] && exit 1\n/bin/cat > {folder}/buffer\n')
    program.chmod(0o700)
    return folder / "buffer"


def test_a_tmux_without_its_program_is_left_out_and_an_older_one_has_it_in_its_buffer_only(
    tmp_path: Path, home: Path
) -> None:
    with sample("idle", env={"TMUX": "/nowhere,1,0", "PATH": str(tmp_path), "HOME": str(home)}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("jy")
        terminal.wait_for("copied to")
        assert saved(home) == ROW
        buffer = old_tmux(tmp_path)
        terminal.send("y")
        terminal.wait_for("copied: in tmux's buffer")
        assert "clipboard" not in terminal.text
        assert buffer.read_text() == ROW
        assert clipboard(bytes(terminal.raw)) == []
        leave(terminal)


def test_where_there_is_no_clipboard_it_is_a_file_or_said_why_not(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file")
    with sample("idle", env={"XDG_STATE_HOME": str(state), "TERM": "vt100"}) as terminal:
        terminal.wait_for(r"live\s*$")
        terminal.send("y")
        terminal.wait_for("It could not be copied: Not a directory")
        state.unlink()
        terminal.send("jy")
        terminal.wait_for("copied to")
        assert saved(tmp_path) == ROW
        assert clipboard(bytes(terminal.raw)) == []
        assert COLOUR.findall(bytes(terminal.raw)) == []
        leave(terminal)


def test_nothing_of_it_is_left_on_the_screen_of_a_tmux_that_has_grown(tmp_path: Path, missing: Missing) -> None:
    with tmux(tmp_path, missing, then="echo it is over; exec cat") as (terminal, _):
        terminal.wait_for(r"live\s*$")
        terminal.resize(120, 40)
        terminal.wait_for(r"every .* live\s*$")
        terminal.send("q")
        terminal.wait_for("it is over")
        assert "select ?" not in terminal.text
        terminal.send("\x04")
