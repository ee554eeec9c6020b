"""The fingerprint of a database, read from its catalogue in one round trip, or two where TimescaleDB is.

Any role may read it. Not in it: extensions and what belongs to them, the ledger, knex's tables, partitions and chunks
(nobody can tell those that a migration made from those that came with the data), operators, casts, collations, text
search, foreign servers, and the jobs of pg_cron, of which everybody sees only his own.
"""

from typing import Any

from console.db.pipeline import Answers, Request
from console.db.query import Query
from console.errors import ConsoleError
from console.migrate.asker import Asker
from console.migrate.fingerprint.difference import Fingerprint
from console.migrate.fingerprint.models import Fact, FullNames, OwnPath

_FULL_NAMES = Request(Query(__package__, "full_names"), FullNames)
_OBJECTS = Request(Query(__package__, "objects"), Fact)
_PUBLICATIONS = Request(Query(__package__, "publications"), Fact)
_TIMESCALEDB = Request(Query(__package__, "timescaledb"), Fact)
_OWN_PATH = Request(Query(__package__, "own_path"), OwnPath)


async def fingerprint(asker: Asker) -> Fingerprint:
    """Every object of the schemas; the same for every role and search path."""
    found, _ = await fingerprint_and(asker)
    return found


async def fingerprint_and(asker: Asker, *more: Request[Any]) -> tuple[Fingerprint, Answers]:
    """The fingerprint, and the answers to other questions that travel with it."""
    answers = await asker.pipeline(_FULL_NAMES, _OBJECTS, _PUBLICATIONS, _OWN_PATH, *more)
    facts = answers.rows(_OBJECTS) + answers.rows(_PUBLICATIONS)
    _require_full_names(answers)
    if answers.rows(_FULL_NAMES)[0].timescaledb:
        later = await asker.pipeline(_FULL_NAMES, _TIMESCALEDB, _OWN_PATH)
        facts = facts + later.rows(_TIMESCALEDB)
        _require_full_names(later)
    return Fingerprint({fact.identity: fact.definition for fact in facts}), answers


def _require_full_names(answers: Answers) -> None:
    """Rather none than a fingerprint that differs without a reason."""
    if answers.rows(_OWN_PATH)[0].path_until_now != answers.rows(_FULL_NAMES)[0].path:
        raise ConsoleError("The names of the schema's objects were not told in full.", state="Nothing was changed.")
