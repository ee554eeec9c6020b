"""No query reads the audit log without both ends of a span of time: it would plan and lock every chunk there is."""

import re
from pathlib import Path

import pytest

from console.services import audit

FOLDER = Path(audit.__path__[0])
READS = re.compile(r"\b(?:from|join)\s+public\.audit_log(?:s|_details)\s+(\w+)")
UNBOUNDED = {"first.sql", "newest.sql", "before.sql"}
"""The very first row, where there are no partitions; the very last one, where it is dated ahead of the clock; and what
is dated before year 1, in DEFAULT and in chunks of its own alone."""

FILES = [path for path in sorted(FOLDER.rglob("sql/*")) if READS.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_ends_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\boffset\b", re.sub(r"(?m)^--.*$", "", text), re.IGNORECASE)
    if path.name not in UNBOUNDED:
        for name in READS.findall(text):
            assert re.search(rf"\b{name}\.created_at >=?", text), f"{name} has no lower end"
            assert re.search(rf"\b{name}\.created_at <=?", text), f"{name} has no upper end"


def test_it_looks_at_queries() -> None:
    assert len(FILES) > 8
