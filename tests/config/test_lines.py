"""The line of a key, however TOML lets it be written."""

import pytest

from console.config.lines import line_of

TEXT = """# profiles
default_profile = 'a'

[profiles.a] # the first
host = "x"
pool = { min = 1, max = 2 }
"odd key" = '''
[profiles.b]
host = "not this one"
'''

[profiles]
b.host = "y"
b.migrate.role = "z"
c = { "host" = "q", pool.min = 3 }

[profiles . "d.e"]
hosts = [ # a list
  "one",
  "two",
]
port = 1"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("default_profile",), 2),
        (("profiles",), 4),
        (("profiles", "a"), 4),
        (("profiles", "a", "host"), 5),
        (("profiles", "a", "pool", "max"), 6),
        (("profiles", "a", "odd key"), 7),
        (("profiles", "b"), 13),
        (("profiles", "b", "migrate", "role"), 14),
        (("profiles", "c", "pool", "min"), 15),
        (("profiles", "d.e"), 17),
        (("profiles", "d.e", "hosts"), 18),
        (("profiles", "d.e", "port"), 22),
        (("profiles", "a", "absent"), 4),
        (("absent", "deeper"), 1),
        ((), 1),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_of(path: tuple[str, ...], line: int, newline: str) -> None:
    assert line_of(TEXT.replace("\n", newline), path) == line
