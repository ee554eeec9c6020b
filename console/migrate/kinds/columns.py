"""The actions of ALTER TABLE on one column, and which of them write the table anew.

Source: https://www.postgresql.org/docs/18/sql-altertable.html, Notes.
"""

from dataclasses import replace

from console.migrate.kinds.definitions import column
from console.migrate.kinds.expressions import is_volatile
from console.migrate.kinds.models import Action, Column, Constraint, Lock, Object, Work
from console.migrate.kinds.reader import Reader, identifier

_LIGHT = ("SET STATISTICS", "SET (", "RESET (")
_OTHERS = (
    "SET DEFAULT",
    "DROP DEFAULT",
    "DROP NOT NULL",
    "DROP EXPRESSION",
    "ADD GENERATED",
    "SET GENERATED",
    "DROP IDENTITY",
    "RESTART",
    "SET STORAGE",
    "SET COMPRESSION",
)
_SERIAL = ("serial", "bigserial", "smallserial", "serial4", "serial8", "serial2")
_MAYBE_SAME = ("text", "varchar", "character varying", "numeric", "decimal", "varbit", "timestamp", "cidr", "inet")
_BUILDS = {"PRIMARY KEY", "UNIQUE"}


def add(reader: Reader, target: Object) -> Action:
    """ADD COLUMN, read from the column's name on."""
    guard = reader.take("IF NOT EXISTS") or None
    defined, constraints = column(reader)
    locks = [Lock(target.name, "ACCESS EXCLUSIVE")]
    locks += [Lock(each.references, "SHARE ROW EXCLUSIVE") for each in constraints if each.references]
    work, why = _filling(defined, constraints)
    return Action(
        "ADD COLUMN",
        creates=(Object("column", defined.name, target.name),),
        alters=(target,),
        locks=tuple(locks),
        work=work,
        why=why,
        guard=guard,
        columns=(defined,),
        constraints=constraints,
    )


def _filling(defined: Column, constraints: tuple[Constraint, ...]) -> tuple[Work, str]:
    """What a new column does with the rows that are there."""
    if defined.generated in ("identity", "stored") or defined.type in _SERIAL:
        return "rewrite", "every row gets a value of its own"
    volatile = is_volatile(defined.default)
    if volatile:
        return "rewrite", "the default is another for every row"
    if any(each.kind in _BUILDS for each in constraints):
        return "scan", "builds an index over every row"
    if any(each.kind == "CHECK" for each in constraints):
        return "scan", "checks every row"
    if volatile is None:
        return "unknown", "writes the table anew if the function in the default is volatile"
    return "nothing", ""


def alter(reader: Reader, target: Object, _: str) -> Action:
    """ALTER COLUMN, read from the column's name on."""
    name = identifier(reader.next())
    changed = Action("", alters=(Object("column", name, target.name),), locks=(Lock(target.name, "ACCESS EXCLUSIVE"),))
    if reader.take("SET DATA TYPE", "TYPE"):
        work, why = _retyping(" ".join(reader.until("USING", "COLLATE")).lower(), uses=reader.word == "USING")
        return replace(changed, kind="ALTER COLUMN TYPE", work=work, why=why)
    if reader.take("SET NOT NULL"):
        why = "checks every row, unless a valid CHECK says the same"
        return replace(changed, kind="ALTER COLUMN SET NOT NULL", work="scan", why=why)
    if reader.take("SET EXPRESSION"):
        why = "computes every row anew, if the column is stored"
        return replace(changed, kind="ALTER COLUMN SET EXPRESSION", work="rewrite", why=why)
    phrase = reader.take(*_LIGHT)
    if phrase:
        lock = Lock(target.name, "SHARE UPDATE EXCLUSIVE")
        return replace(changed, kind=f"ALTER COLUMN {phrase.removesuffix(' (')}", locks=(lock,))
    return replace(changed, kind=f"ALTER COLUMN {reader.take(*_OTHERS)}".strip())


def _retyping(kind: str, *, uses: bool) -> tuple[Work, str]:
    """What another type does: nothing where the old values are valid as they are, which the old type decides."""
    if not uses and kind.startswith(_MAYBE_SAME):
        return "unknown", "writes the table anew unless the old type's values are valid as they are"
    return "rewrite", "writes every value in the new type"
