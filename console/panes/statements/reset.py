"""Sets all counters to zero: asked before, recorded after."""

from console.db.database import Database
from console.db.identifiers import quote
from console.db.query import Query
from console.errors import ConsoleError, NoPrivilege
from console.services.events import Action, Kept, record_action

RESET = Query(__package__, "reset")


def statement(schema: str) -> str:
    """What is sent, as a person reads it."""
    return f"select {quote(schema)}.pg_stat_statements_reset()"


async def reset(db: Database, schema: str, reason: str) -> Kept:
    """Begin all counters of this server anew; raises where the server refuses, which is recorded, too."""
    action = Action("statements.reset", "pg_stat_statements of the whole server", reason, statement(schema))
    async with db.act() as session:
        try:
            await session.run(RESET.in_schema(schema))
        except ConsoleError as error:
            kept = await record_action(session, action, f"refused: {error.message}")
            error.state = f"Nothing was reset. {kept.sentence}"
            if isinstance(error, NoPrivilege):
                user = quote((await session.server()).user)
                function = f"{quote(schema)}.pg_stat_statements_reset"
                error.hint = f"Its owner can allow it: GRANT EXECUTE ON FUNCTION {function} TO {user};"
            raise
        return await record_action(session, action, "done")
