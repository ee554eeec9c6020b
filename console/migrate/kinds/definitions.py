"""The definitions of columns and constraints, as CREATE TABLE and ALTER TABLE .. ADD write them."""

from console.migrate.kinds.models import Column, Constraint, Tokens
from console.migrate.kinds.reader import Reader, identifier, is_name, parts

_AFTER_TYPE = (
    "CONSTRAINT",
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "CHECK",
    "GENERATED",
    "COLLATE",
    "STORAGE",
    "COMPRESSION",
)
_KINDS = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK", "EXCLUDE", "NOT NULL")


def constraint(reader: Reader) -> Constraint | None:
    """The constraint of a table that stands here; None, and nothing read, where a column stands."""
    name = identifier(reader.next()) if reader.take("CONSTRAINT") else ""
    kind = reader.take(*_KINDS)
    if not kind:
        return None
    if kind == "NOT NULL":
        columns: tuple[str, ...] = (reader.name(),)
    else:
        reader.take("NULLS NOT DISTINCT", "NULLS DISTINCT")
        if kind == "EXCLUDE":
            reader.until("(")
        columns = mentioned(reader.group()) if kind in ("CHECK", "EXCLUDE") else names(reader.group())
    index = reader.name() if reader.take("USING INDEX") and kind in ("PRIMARY KEY", "UNIQUE") else None
    references = reader.relation() if reader.find("REFERENCES") else None
    return Constraint(kind, name, columns, references, valid=not reader.find("NOT VALID"), made_of=index)


def names(tokens: Tokens) -> tuple[str, ...]:
    """The columns of a list, without what stands behind each; an expression has none.

    >>> names(("a", "DESC", ",", "lower", "(", "b", ")", ",", '"C"'))
    ('a', '"C"')
    """
    return tuple(identifier(part[0]) for part in parts(tokens) if part[0] != "(" and part[1:2] != ("(",))


def mentioned(tokens: Tokens) -> tuple[str, ...]:
    """Every name in an expression, keywords and functions too.

    >>> mentioned(("lower", "(", "a", ")", "<>", "''"))
    ('lower', 'a')
    """
    return tuple(identifier(token) for token in tokens if is_name(token))


def column(reader: Reader) -> tuple[Column, tuple[Constraint, ...]]:
    """The column that is defined here, and the constraints that stand beside it."""
    name = reader.name()
    kind = " ".join(reader.until(*_AFTER_TYPE)).lower()
    not_null, generated = False, ""
    default: Tokens = ()
    constraints = []
    pending = ""
    while reader.word:
        if reader.take("CONSTRAINT"):
            pending = identifier(reader.next())
        elif reader.take("NOT NULL"):
            not_null = True
        elif reader.take("DEFAULT"):
            default = _expression(reader)
        elif reader.take("GENERATED"):
            generated = _generated(reader)
        elif found := _beside(reader, name, pending):
            constraints.append(found)
            pending = ""
        else:
            reader.next()
    return Column(name, kind, not_null, default, generated), tuple(constraints)


def _expression(reader: Reader) -> Tokens:
    """A default: its first token may be one of the words that end it."""
    first = reader.group() if reader.word == "(" else (reader.next(),)
    return (*first, *reader.until(*_AFTER_TYPE))


def _generated(reader: Reader) -> str:
    reader.take("ALWAYS", "BY DEFAULT")
    reader.take("AS")
    if reader.take("IDENTITY"):
        reader.group()
        return "identity"
    reader.group()
    return "stored" if reader.take("STORED") else "virtual"


def _beside(reader: Reader, column_name: str, name: str) -> Constraint | None:
    """A constraint written beside its column."""
    kind = reader.take("PRIMARY KEY", "UNIQUE", "REFERENCES", "CHECK")
    if not kind:
        return None
    if kind == "REFERENCES":
        return Constraint("FOREIGN KEY", name, (column_name,), reader.relation(), valid=not reader.find("NOT VALID"))
    reader.group()
    return Constraint(kind, name, (column_name,))
