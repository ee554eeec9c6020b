"""Where the product's own files are on this platform; XDG's variables are respected."""

from collections.abc import Callable
from pathlib import Path

from console.errors import UsageError

NAME = "emr-console"
"""What its folders are called."""


def state() -> Path:
    """What it leaves behind: events that no database took, backups, texts too long for a clipboard, the demo."""
    import platformdirs  # most commands leave nothing

    return _known(platformdirs.user_state_path)


def config() -> Path:
    """What a person tells it: config.toml, and the key of what is kept of searches."""
    import platformdirs

    return _known(platformdirs.user_config_path)


def _known(folder: Callable[..., Path]) -> Path:
    """Where it is; UsageError for an account that has no home, and is told of none."""
    try:
        return folder(NAME, appauthor=False)
    except RuntimeError:
        raise UsageError(
            "Where your files are is unknown: HOME names no folder, and your account has none.",
            hint="Set HOME, or XDG_STATE_HOME and XDG_CONFIG_HOME, to the path of a folder, then try again.",
        ) from None
