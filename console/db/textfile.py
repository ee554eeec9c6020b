"""Text files that a person wrote, and the sentence for one that cannot be read."""

from pathlib import Path

from console.errors import UsageError


def read_text(path: Path) -> str | None:
    """The file's text with plain newlines; None if there is no such file, UsageError if it cannot be read."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        what = f"{path.absolute()}, line {line}: this is not UTF-8 text."
    except OSError as error:
        what = f"{path.absolute()} cannot be read: {error.strerror}."
    # Raised out here, so that no cause carries the file's bytes along: they may hold a password.
    raise UsageError(what)
