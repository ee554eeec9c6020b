"""Statements as `--trace-sql` shows them: without their values."""

import logging
from functools import cached_property

from console.sql.lexer import mask

trace = logging.getLogger("console.sql")
"""Every statement without its values, at level DEBUG; --trace-sql listens."""


class Masked:
    """A statement that loses its literals only when it is really written somewhere, and then once for all who write."""

    def __init__(self, statement: str) -> None:
        self._statement = statement

    def __str__(self) -> str:
        return self._masked

    @cached_property
    def _masked(self) -> str:
        return mask(self._statement)
