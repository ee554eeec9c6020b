"""The product's own files, which no rule refuses: known by their hashes, so that `up` need not read them again.

A test holds the list true; `python -m console.migrate.lint.linted` prints it.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from console.migrate.files import Migration, Script

_LIST = Path(__file__).with_name("linted.txt")


def is_linted(migrations: Sequence[Migration]) -> bool:
    """Whether these are files of ours as they were linted, all of them that come before the last one."""
    known = _known()
    versions = {version for version, _ in known}
    whole = {version for version in versions if int(version) <= max((int(m.version) for m in migrations), default=0)}
    return whole == {migration.version for migration in migrations} and all(
        (migration.version, script.sha256) in known for migration in migrations for script in scripts(migration)
    )


def is_ours(version: str, script: Script) -> bool:
    """Whether this is one of our files as it was linted and tested."""
    return (version, script.sha256) in _known()


def scripts(migration: Migration) -> list[Script]:
    """The files of a migration."""
    return [script for script in (migration.up, migration.down, migration.verify) if script is not None]


@cache
def _known() -> frozenset[tuple[str, str]]:
    pairs = (line.split() for line in _LIST.read_text("ascii").splitlines())
    return frozenset((version, sha256) for version, sha256, _ in pairs)


def listed() -> list[str]:
    """The list as it should be: version, hash and name of every file of ours."""
    from console.migrate.files import default_folder, read_folder

    migrations = read_folder(default_folder()).migrations
    return sorted(f"{each.version} {script.sha256} {script.file}" for each in migrations for script in scripts(each))


if __name__ == "__main__":
    print("\n".join(listed()))  # noqa: T201 - it is what this is for
