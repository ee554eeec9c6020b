"""Audit rows: that they can only grow."""

from console.db.identifiers import quote
from console.services.health.check import Around, Check, crit, ok, warn
from console.services.health.models import Verdict
from console.services.health.schema_models import Audit
from console.services.health.sources import AUDIT
from console.units import count


def append_only(found: Audit, around: Around) -> Verdict | None:
    """Whether a trigger refuses changes on every table, partition and chunk, and nobody can sign in as the owner."""
    if not found.tables:
        return None
    if found.unguarded:
        others = len(found.unguarded) - 1
        said = f"rows of {found.unguarded[0]} can be changed: its trigger is missing or off"
        return crit(
            said + (f"; {others} more likewise" if others else ""),
            len(found.unguarded),
            1,
            remedy="\n".join(f"alter table {each} enable trigger user;" for each in found.unguarded),
        )
    owners = sorted({table.owner for table in found.tables if table.owner_signs_in})
    if owners:
        said = f"audit rows belong to {' and '.join(owners)}, who can sign in and change them"
        return warn(said, len(owners), 1, remedy="-- emr-console roles apply gives them to emr_audit_owner")
    return ok(f"append-only triggers are on, on {count(found.relations)} tables")


def rights(found: Audit, around: Around) -> Verdict | None:
    """Whether anybody but the owner has a right by which audit rows could be changed or removed."""
    if not found.tables:
        return None
    if not found.writable:
        return ok("nobody may change or remove audit rows", 0)
    first, others = found.writable[0], len(found.writable) - 1
    said = f"{first.grantee} has {first.privileges} on {first.relation}{f', and {others} more' if others else ''}"
    remedy = "\n".join(
        f"revoke {each.privileges} on {each.relation} from "
        f"{'public' if each.grantee == 'PUBLIC' else quote(each.grantee)};"
        for each in found.writable
    )
    return crit(said, len(found.writable), 1, remedy=remedy)


CHECKS = (
    Check("H20", "Append-only audit rows", AUDIT, append_only, "audit"),
    Check("H19", "Rights on audit rows", AUDIT, rights, "audit"),
)
"""What can be told of audit rows."""
