"""Whose rights a session has."""

from console.db.identifiers import quote
from console.db.session import Session


async def become(session: Session, role: str | None) -> None:
    """Go on with this role's rights, which the facts about the server tell from here on; None stays as it is."""
    if role is not None:
        await session.execute(f"set role {quote(role)}")
        session.forget_server()
