"""Surroundings made up for a test: an environment, a folder, a configuration file."""

from pathlib import Path

from console.config.choose import Surroundings
from console.config.file import load


def around(
    folder: Path, *, environ: dict[str, str] | None = None, config: str = "", dotenv: str | None = None
) -> Surroundings:
    """What `here()` would find, had the process started like this."""
    (folder / "config.toml").write_text(config, "utf-8")
    if dotenv is not None:
        (folder / ".env").write_text(dotenv, "utf-8")
    return Surroundings(environ or {}, folder, load(folder / "config.toml"))
