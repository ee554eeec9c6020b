"""Rows as JSON: what a script reads and what a person copies are the same."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from console.iso import to_microsecond


def json_line(row: Mapping[str, Any]) -> str:
    """One object on one line, moments as ISO-8601 UTC with microseconds; in ASCII, so no name can steer a terminal.

    >>> json_line({"user": "Žofie", "since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)})
    '{"user": "\\\\u017dofie", "since": "2026-01-02T03:04:05.000000Z"}'
    """
    return json.dumps(row, default=_text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{to_microsecond(value.astimezone(UTC), 'T')}Z"
    return str(value)
