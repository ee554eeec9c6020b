"""A row of the ledger that its events contradict: somebody wrote to it by hand, and nothing is executed on its word."""

from console.errors import Refused
from console.migrate.models import Contradiction, Meta


def contradicted(meta: Meta | None) -> Refused | None:
    """Why nothing is done with this ledger, naming each migration; None when its rows are what its events tell."""
    if meta is None or not meta.contradictions:
        return None
    said = "; ".join(_said(each) for each in meta.contradictions)
    return Refused(
        f"Somebody has written to the ledger by hand. {said}.",
        state="Nothing was changed.",
        hint="See what was done (emr-console migrate history), and put the row back as it was. Or delete it, and adopt"
        " what is in place (emr-console migrate adopt); a rollback by hand needs its event, of kind rolled_back.",
    )


def _said(found: Contradiction) -> str:
    """One of them.

    >>> _said(Contradiction(version="002", state="failed_clean", kind="applied"))
    "002: its row says failed_clean; the last event is 'applied'"
    """
    event = f"the last event is '{found.kind}'" if found.kind else "no event tells of it"
    if found.state is None:
        return f"{found.version}: its row is gone; {event}"
    if found.rehashed:
        return f"{found.version}: its row holds another hash than the last event, which is '{found.kind}'"
    return f"{found.version}: its row says {found.state}; {event}"
