"""Names of database objects, quoted so that any name is only a name."""


def quote(name: str) -> str:
    """One identifier, always in double quotes.

    >>> quote('odd "name"')
    '"odd ""name\"\""'
    """
    if "\0" in name:
        raise ValueError("a PostgreSQL identifier holds no NUL")
    return '"' + name.replace('"', '""') + '"'
