"""The way back from a backup, written beside it: RESTORE.md with commands that work as they stand there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from console.db.server import Server
from console.migrate.backup import contents, programs
from console.migrate.backup.models import Database, Manifest

GUIDE = "RESTORE.md"
"""The guide's name."""

LIST = "restore.list"
"""The name of the dump's table of contents, as far as it can be restored anywhere."""

CHECK = "check.sql"
"""The name of the script that finds every table that did not come back as it was."""

# pg_cron can live in one database of a server only, which is not the restored one as long as the old one is there.
_ONE_DATABASE_ONLY = re.compile(r" (?:EXTENSION - |EXTENSION )pg_cron\b| (?:TABLE DATA|SEQUENCE SET|ACL) cron ")

_ENVIRONMENT = """\
ALTER DATABASE :"new" SET emr.environment = {label};
"""
_TIMESCALE_NOTE = """
TimescaleDB must be exactly {version} on that server. `timescaledb_pre_restore()` and `timescaledb_post_restore()` are
not optional: without them rows of hypertables are lost without an error that stops anything.
"""
_CRON_NOTE = """
pg_cron belongs to one database of a server, so its jobs are left out of `restore.list`. Where the restored database
takes the old one's name and place, create the extension there and schedule the jobs again.
"""

_GUIDE = """\
# Restoring {database} as it was on {taken_at:%Y-%m-%d at %H:%M:%S} UTC

PostgreSQL {server}, dumped by pg_dump {pg_dump}{extensions}. `manifest.json` says how many rows every table had.

You need psql and pg_restore {dump_major} or newer, a server of the same major version as the old one
(PostgreSQL {major}), and a role that may create databases there. Say in PGHOST, PGPORT and PGUSER where it is. Run all
of this in one shell, in this folder; the old database is not touched.

The roles that own and use the tables must exist. On another server make them first, from the old one:
`pg_dumpall --roles-only --no-role-passwords`. Rights on the database itself and its own settings{settings} are not in
the dump.
{notes}
## 1. Is the dump what was written?

```sh
set -eu
NEW=${{NEW:-emr_restored}}
echo "{sha256}  {file}" | sha256sum --check -
```

## 2. A new database

```sh
psql -X -q -v ON_ERROR_STOP=1 -v new="$NEW" -d postgres <<'SQL'
CREATE DATABASE :"new" TEMPLATE template0 {options};
{environment}SQL
```

## 3. Everything into it

```sh
{before}pg_restore --exit-on-error --no-password --use-list=restore.list --dbname="$NEW" {file}
{after}psql -X -q -v ON_ERROR_STOP=1 -d "$NEW" -c ANALYZE
```

## 4. Is every row back?

```sh
WRONG=$(psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$NEW" -f check.sql)
test -z "$WRONG" || {{ echo "$WRONG"; exit 1; }}
echo "$NEW holds what the backup held."
```

## Then

Point the application at it, or rename both databases while nobody is connected to them.
"""


def restorable(listing: str) -> str:
    """The dump's table of contents without what can be in one database of a server only.

    >>> restorable("5; 3079 16500 EXTENSION - pg_cron \\n6; 0 16390 TABLE DATA public tasks emr\\n")
    '6; 0 16390 TABLE DATA public tasks emr\\n'
    """
    return "".join(line for line in listing.splitlines(keepends=True) if not _ONE_DATABASE_ONLY.search(line))


@dataclass(frozen=True, slots=True)
class Brackets:
    """What TimescaleDB wants to be told before and after a restore; without it rows of hypertables are lost."""

    before: tuple[str, ...] = ()
    """Statements before it."""
    after: tuple[str, ...] = ()
    """Statements after it."""


def brackets(database: Database) -> Brackets:
    """The statements around the restore of this database; none without TimescaleDB."""
    schema, version = database.timescaledb_schema, database.extensions.get("timescaledb")
    if schema is None or version is None:
        return Brackets()
    create = f"create extension timescaledb schema {schema} version {contents.literal(version)}"
    return Brackets(
        (create, f"select {schema}.timescaledb_pre_restore()"), (f"select {schema}.timescaledb_post_restore()",)
    )


def guide(manifest: Manifest, database: Database, server: Server) -> str:
    """The text of RESTORE.md."""
    timescaledb, around = manifest.extensions.get("timescaledb"), brackets(database)
    notes = [_TIMESCALE_NOTE.format(version=timescaledb)] if timescaledb else []
    notes += [_CRON_NOTE] if "pg_cron" in manifest.extensions else []
    return _GUIDE.format(
        **manifest.model_dump(include={"database", "taken_at", "server", "pg_dump", "file", "sha256"}),
        extensions=_listed(", with ", [f"{name} {version}" for name, version in manifest.extensions.items()]),
        settings=_listed(" (", database.settings, ")"),
        dump_major=programs.major(manifest.pg_dump),
        major=server.major,
        options=database.options,
        environment=_ENVIRONMENT.format(label=contents.literal(server.environment)) if server.environment else "",
        before=_commands(around.before),
        after=_commands(around.after),
        notes="".join(notes),
    )


def _commands(statements: Sequence[str]) -> str:
    """The statements for a shell, which changes nothing in them; no line where there are none."""
    lines = "".join(f"{statement};\n" for statement in statements)
    return f"psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -d \"$NEW\" <<'SQL'\n{lines}SQL\n" if statements else ""


def _listed(before: str, words: Sequence[str], after: str = "") -> str:
    """Words with commas between; nothing of it where there are none.

    >>> _listed(" (", ["emr.environment"], ")"), _listed(" (", [], ")")
    (' (emr.environment)', '')
    """
    return f"{before}{', '.join(words)}{after}" if words else ""
