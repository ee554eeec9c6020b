"""Names of database objects, quoted so that any name is only a name."""


def quote(name: str) -> str:
    """One identifier, always in double quotes.

    >>> quote('odd "name"')
    '"odd ""name\"\""'
    """
    if "\0" in name:
        raise ValueError("a PostgreSQL identifier holds no NUL")
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, name: str) -> str:
    """A schema-qualified identifier.

    >>> qualified("public", "audit_logs")
    '"public"."audit_logs"'
    """
    return f"{quote(schema)}.{quote(name)}"
