"""What to say when `up` meets what it is about to make."""

_THERE_ALREADY = frozenset({"42P06", "42P07", "42701", "42710", "42723"})
"""The server's codes for a schema, relation, column, other object or function that exists already."""


def hint(sqlstate: str | None) -> str:
    """The next step after an up that failed with this code; empty where adopting is not the answer.

    >>> hint("42P07")
    'If knex or somebody by hand has made it, see emr-console migrate adopt, which compares and runs nothing.'
    """
    if sqlstate not in _THERE_ALREADY:
        return ""
    return "If knex or somebody by hand has made it, see emr-console migrate adopt, which compares and runs nothing."
