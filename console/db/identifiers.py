"""Names of database objects and texts, quoted so that any of them is only a name or a text."""


def quote(name: str) -> str:
    """One identifier, always in double quotes.

    >>> quote('odd "name"')
    '"odd ""name\"\""'
    """
    if "\0" in name:
        raise ValueError("a PostgreSQL identifier holds no NUL")
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    r"""A text as a constant that can be read and copied: what a terminal would not show is escaped.

    >>> print(literal("it's"), literal("a\x1b[2J\\"))
    'it''s' E'a\u001B[2J\\'
    """
    if "\0" in text:
        raise ValueError("a PostgreSQL text holds no NUL")
    written = "".join(map(_written, text))
    return f"E'{written}'" if "\\" in written else f"'{written}'"


def _written(character: str) -> str:
    if character in "'\\":
        return character * 2
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
