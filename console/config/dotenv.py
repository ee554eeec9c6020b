"""KEY=VALUE files as the platform's services keep them beside their code, read strictly and without interpolation."""

import re

_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_SETTING = re.compile(
    r"""[ \t]* (?:export[ \t]+)? (?P<key>[A-Za-z_][A-Za-z0-9_]*) [ \t]*=
    (?: [ \t]*+ (?: '(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" ) [ \t]*+ (?:(?<=[ \t])\#[^\n]*)?
    | (?P<bare>[ \t]*+ (?!['"]) [^\n]*) )
    (?:\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"[ \t]#")
_ESCAPE = re.compile(r'\\(["\\$nrt])')
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def parse(text: str) -> dict[str, str]:
    r"""The keys and values of a .env file; a ValueError names the first line that is none of its kinds.

    A line is blank, a comment, or KEY=VALUE with or without `export`. It ends with a plain newline.
    Values may stand in single quotes (as they are) or double quotes (with \n \r \t \" \\ \$), also over several lines;
    without quotes a comment begins at a # after a space. The last of several equal keys counts.

    >>> parse("# app\nexport DB_HOST=db1 # the old one\nDB_PASSWORD='a # b'\n")
    {'DB_HOST': 'db1', 'DB_PASSWORD': 'a # b'}
    """
    values: dict[str, str] = {}
    position = 0
    while position < len(text):
        if blank := _BLANK.match(text, position):
            position = blank.end()
            continue
        setting = _SETTING.match(text, position)
        if setting is None:
            # The line's text is not repeated: it may hold a password.
            raise ValueError(f"line {text.count(chr(10), 0, position) + 1}: this is not KEY=VALUE")
        values[setting["key"]] = _value(setting)
        position = setting.end()
    return values


def _value(setting: re.Match[str]) -> str:
    if setting["double"] is not None:
        return _ESCAPE.sub(lambda escape: _CONTROLS.get(escape[1], escape[1]), setting["double"])
    if setting["single"] is not None:
        return setting["single"]
    return _COMMENT.split(setting["bare"], maxsplit=1)[0].strip(" \t")
