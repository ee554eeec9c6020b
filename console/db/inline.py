"""A query with its values written into it: for a script that somebody runs by hand, or to show exactly what is sent."""

import re

from psycopg.sql import Literal

from console.db.query import Query

_PLACE = re.compile(r"%\((\w+)\)s|%%")


def inlined(query: Query, **params: object) -> str:
    """The query's text with every value as a constant, quoted so that it is only a value."""

    def write(place: re.Match[str]) -> str:
        return Literal(params[place[1]]).as_string(None) if place[1] else "%"

    return _PLACE.sub(write, query.text())
