"""Audit rows: that they can only grow."""

from collections.abc import Sequence
from datetime import timedelta

from console.db.identifiers import quote
from console.iso import to_day
from console.services.health.check import Around, Check, above, crit, ok, unknown, warn
from console.services.health.models import Verdict
from console.services.health.schema_models import Audit, Right
from console.services.health.sealing import Sealing
from console.services.health.sources import AUDIT, SEALING
from console.units import number_of


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
    return ok(f"append-only triggers are on, on {number_of(found.relations, 'table')}")


def rights(found: Audit, around: Around) -> Verdict | None:
    """Whether anybody but the owner may change, remove or swallow audit rows, or read a part past its table."""
    if not found.tables:
        return None
    if found.writable:
        return crit(_told(found.writable), len(found.writable), 1, remedy=_revoked(found.writable))
    if found.foreign:
        first, others = found.foreign[0], len(found.foreign) - 1
        said = f"trigger {first.trigger} on {first.relation} runs a function of {first.owner}"
        drops = "\n".join(f"drop trigger {quote(each.trigger)} on {each.relation};" for each in found.foreign)
        return crit(said + (f", and {others} more" if others else ""), len(found.foreign), 1, remedy=drops)
    if found.beside:
        return warn(f"{_told(found.beside)}, past its table", len(found.beside), 1, remedy=_revoked(found.beside))
    return ok("nobody may change or remove audit rows", 0)


def _told(rights: Sequence[Right]) -> str:
    first, others = rights[0], len(rights) - 1
    return f"{first.grantee} has {first.privileges} on {first.relation}{f', and {others} more' if others else ''}"


def _revoked(rights: Sequence[Right]) -> str:
    return "\n".join(
        f"revoke {each.privileges} on {each.relation} from "
        f"{'public' if each.grantee == 'PUBLIC' else quote(each.grantee)};"
        for each in rights
    )


def sealed(found: Sealing, around: Around) -> Verdict | None:
    """Whether every closed day is under seal, and no seal is missing that somebody has told of."""
    if not found.sight.tables:
        return None
    if found.sight.there and not found.sight.readable:
        return unknown(f"seals are hidden from {around.server.user}", remedy=around.grant("pg_monitor"))
    if cut := [end for end in found.ends if end.cut_off]:
        said = f"seal {cut[0].told_number} of {cut[0].table}, of which an event tells, is not there or is another one"
        return crit(said, len(cut), 1, remedy="emr-console audit verify --seals")
    if (proof := found.proof) and proof.outcome == "broken":
        said = f"audit rows were not as they were sealed when {proof.operator} hashed them, {to_day(proof.at)}"
        return crit(said, 1, 1, remedy="emr-console audit verify --seals")
    behind = {end.table: max(0, (found.closed - end.day).days) for end in found.ends}
    behind |= {table: (found.closed - first).days + 1 for table, first in found.unsealed.items()}
    if not behind:
        return ok("no day of the audit log is over for long enough to be sealed")
    table = max(behind, key=behind.__getitem__)
    since = found.closed - timedelta(days=behind[table] - 1)
    if table in found.unsealed:
        said = f"{table} was never sealed; the first day to seal is {since}"
    elif behind[table]:
        said = f"{table} has not been sealed since {since}"
    else:
        said = f"the audit log is sealed up to {found.closed}"
    return above(behind[table], (around.limits.unsealed_warn, None), said, "emr-console audit seal")


CHECKS = (
    Check("H20", "Append-only audit rows", AUDIT, append_only, "audit"),
    Check("H19", "Rights on audit rows", AUDIT, rights, "audit"),
    Check("H21", "Seals of audit rows", SEALING, sealed, "audit"),
)
"""What can be told of audit rows."""
