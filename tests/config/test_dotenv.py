"""KEY=VALUE files, as they are found in the wild."""

import pytest

from console.config.dotenv import parse

MANY = " " * 200_000
"""Blanks enough to see whether the time grows with their square."""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("\n  # comment\n\n", {}),
        ("A=1", {"A": "1"}),
        ("export A=1\n  B = two words \n", {"A": "1", "B": "two words"}),
        ("A=\nB=''\nC= # nothing", {"A": "", "B": "", "C": ""}),
        ("A=p#ss # comment", {"A": "p#ss"}),
        ('A=\'p # s\\n\' # comment\nB="p # s\\n\\"\\q"', {"A": "p # s\\n", "B": 'p # s\n"\\q'}),
        ("A=a=b\nB=it's", {"A": "a=b", "B": "it's"}),
        ("A=$HOME ${B}\nB='$A'", {"A": "$HOME ${B}", "B": "$A"}),
        ('KEY="-----BEGIN\nabc\n-----END"\nA=1', {"KEY": "-----BEGIN\nabc\n-----END", "A": "1"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=#1 #2\nB=\t#3", {"A": "#1", "B": ""}),
        pytest.param(f"A={MANY}x{MANY}y{MANY}# z{MANY}", {"A": f"x{MANY}y"}, id="many"),
    ],
)
def test_parse(text: str, values: dict[str, str]) -> None:
    assert parse(text) == values


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A", 1),
        ("A=1\n\n# c\nwhat is this\n", 4),
        ("A='1", 1),
        ('A=1\nB="x\ny\n', 2),
        ("A='1' 2", 1),
        ("1A=1", 1),
        ("=1", 1),
        ('K="a\nb"\nA B=1', 3),
        pytest.param(f"A{MANY}B=1", 1, id="many"),
        pytest.param(f"A={MANY}'x'{MANY}y", 1, id="many more"),
    ],
)
def test_what_is_not_key_value_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ValueError, match=f"^line {line}: this is not KEY=VALUE$"):
        parse(text)
