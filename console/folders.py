"""Where the product's own files are on this platform; XDG's variables are respected."""

from pathlib import Path

NAME = "emr-console"
"""What its folders are called."""


def state() -> Path:
    """What it leaves behind: events that no database took, backups, texts too long for a clipboard, the demo."""
    import platformdirs  # most commands leave nothing

    return platformdirs.user_state_path(NAME, appauthor=False)


def config() -> Path:
    """What a person tells it: config.toml, and the key of what is kept of searches."""
    import platformdirs

    return platformdirs.user_config_path(NAME, appauthor=False)
