"""What has to change until everybody has the rights he should have, and no more: decided, not executed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from console.db.identifiers import quote
from console.services.roles import wanted
from console.services.roles.models import Change, Place, Relation, Right, Role

ORDER = ("CONNECT", "CREATE", "USAGE", "SELECT", "INSERT", "UPDATE")
"""In which order a statement names privileges; others follow by name."""


def decide(
    place: Place, roles: Collection[Role], relations: Collection[Relation], found: Collection[Right]
) -> list[Change]:
    """The statements that are missing, in an order in which they work; none when all is well.

    Revoking comes before granting: revoking a right on a table takes the same right on its columns along.
    """
    targets = wanted.rights(place.database, {relation.name for relation in relations}, major=place.major)
    excess = set(found) - targets
    taken = {(right.role, right.name, right.privilege) for right in excess if right.column is None}
    kept = {right for right in found if right.column is None or (right.role, right.name, right.privilege) not in taken}
    return [*_roles(roles), *_revoked(excess), *_granted(targets - kept), *_owners(place, relations)]


def lacking(
    place: Place, roles: Collection[Role], relations: Collection[Relation], found: Collection[Right]
) -> dict[str, set[str]]:
    """The tables and views on which each role that exists misses a right; a role that misses none is not named."""
    targets = wanted.rights(place.database, {relation.name for relation in relations}, major=place.major)
    present, missing = {role.name for role in roles}, defaultdict(set)
    for right in targets - set(found):
        if right.kind == "relation" and right.role in present:
            missing[right.role].add(right.name)
    return dict(sorted(missing.items()))


def _roles(found: Iterable[Role]) -> Iterator[Change]:
    present = {role.name: role for role in found}
    for name, login in wanted.LOGIN.items():
        role = present.get(name)
        if role is None:
            yield Change(statement=f"CREATE ROLE {name} {_login(login)}", reason=f"{name} does not exist")
        elif role.powers:
            without = " ".join(f"NO{power}" for power in role.powers)
            yield Change(statement=f"ALTER ROLE {name} {without}", reason=f"{name} is {', '.join(role.powers)}")
        if role and role.login and not login:
            yield Change(statement=f"ALTER ROLE {name} {_login(login)}", reason=f"{name} can sign in")


def _login(login: bool) -> str:
    return "LOGIN" if login else "NOLOGIN"


def _revoked(excess: Iterable[Right]) -> Iterator[Change]:
    for one, privileges in _grouped(excess):
        yield Change(
            statement=f"REVOKE {privileges} ON {_object(one)} FROM {_role(one.role)}",
            reason=f"{one.role} should not have it",
        )


def _granted(missing: Iterable[Right]) -> Iterator[Change]:
    for one, privileges in _grouped(missing):
        yield Change(
            statement=f"GRANT {privileges} ON {_object(one)} TO {_role(one.role)}",
            reason=wanted.WHY[one.role],
        )


def _grouped(rights: Iterable[Right]) -> Iterator[tuple[Right, str]]:
    """One right of each object and role, with all its privileges as SQL."""
    groups: dict[tuple[str, str, str, bool], list[Right]] = defaultdict(list)
    for right in sorted(rights, key=_rank):
        groups[right.role, right.kind, right.name, right.column is None].append(right)
    for group in groups.values():
        yield group[0], _privileges(group)


def _rank(right: Right) -> tuple[object, ...]:
    known = ORDER.index(right.privilege) if right.privilege in ORDER else len(ORDER)
    return right.role, right.kind, right.name, known, right.privilege, right.column or ""


def _privileges(group: Iterable[Right]) -> str:
    """The privileges of one group as SQL.

    >>> columns = [Right(role="r", kind="relation", name="t", column=c, privilege="SELECT") for c in ("id", "role")]
    >>> _privileges(columns)
    'SELECT ("id", "role")'
    """
    columns: dict[str, list[str]] = defaultdict(list)
    for right in group:
        columns[right.privilege] += [quote(right.column)] if right.column else []
    return ", ".join(f"{name} ({', '.join(of)})" if of else name for name, of in columns.items())


def _object(right: Right) -> str:
    if right.kind == "relation":
        return f"public.{right.name}"
    return f"DATABASE {quote(right.name)}" if right.kind == "database" else f"SCHEMA {right.name}"


def _role(name: str) -> str:
    return name if name == "PUBLIC" or name in wanted.LOGIN else quote(name)


def _owners(place: Place, relations: Iterable[Relation]) -> Iterator[Change]:
    """Who owns the audit rows; whoever made the schema stays able to migrate it."""
    by_name = {relation.name: relation for relation in relations}
    tasks = by_name.get("tasks")
    if tasks and not tasks.owner_superuser and tasks.owner not in place.members:
        yield Change(
            statement=f"GRANT {wanted.AUDIT_OWNER} TO {quote(tasks.owner)}",
            reason=f"{tasks.owner} owns the other tables and migrates them all",
        )
    for name in wanted.AUDIT:
        relation = by_name.get(name)
        if relation and relation.strangers:
            reason = f"audit rows belong to a role that cannot sign in, not to {relation.owner}"
            yield Change(statement=_hand_over(relation), reason=reason)
    if place.trigger_owner not in (None, wanted.AUDIT_OWNER):
        yield Change(
            statement=f"ALTER FUNCTION public.audit_trigger_func() OWNER TO {wanted.AUDIT_OWNER}",
            reason="it writes audit rows with its owner's rights, so that owner should have no others",
        )


def _hand_over(relation: Relation) -> str:
    """The statement that gives a table away; partitions do not follow by themselves."""
    if not relation.partitioned:
        return f"ALTER TABLE public.{relation.name} OWNER TO {wanted.AUDIT_OWNER}"
    each = f"format('ALTER TABLE %s OWNER TO {wanted.AUDIT_OWNER}', relid::regclass)"
    tree = f"pg_partition_tree('public.{relation.name}')"
    return f"DO $$ BEGIN EXECUTE (SELECT string_agg({each}, '; ') FROM {tree}); END $$"
