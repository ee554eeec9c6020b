"""A query with its values written into it: for a script that somebody runs by hand, or to show exactly what is sent."""

import re

from psycopg.sql import Literal

from console.db.query import OLDEST_MAJOR, Query

_PLACE = re.compile(r"%\((\w+)\)s|%%")


def inlined(query: Query, major: int = OLDEST_MAJOR, /, **params: object) -> str:
    """The query's text for a server of that major version; every value is a constant, quoted to be only a value."""

    def write(place: re.Match[str]) -> str:
        return Literal(params[place[1]]).as_string(None) if place[1] else "%"

    return _PLACE.sub(write, query.text(major))
