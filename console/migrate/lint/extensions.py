"""The functions that well-known extensions bring, as far as policies, triggers and defaults call them."""

import re

_BRINGS = {
    "uuid-ossp": r"uuid_\w+",
    "pgcrypto": r"armor|crypt|dearmor|decrypt\w*|digest|encrypt\w*|gen_random_bytes|gen_salt|hmac|pgp_\w+",
    "pg_trgm": r"(?:strict_|)(?:word_|)similarity\w*|show_trgm|show_limit|set_limit",
    "pg_stat_statements": r"pg_stat_statements\w*",
    "pg_cron": r"cron\.\w+",
    "timescaledb": r"time_bucket\w*|first|last|histogram|approximate_row_count|\w*_(?:chunks?|policy|size)",
    "plpgsql": r"plpgsql_\w+",
}


def may_bring(extension: str, function: str) -> bool:
    """Whether an extension may bring a function; one that is not known here may bring anything.

    >>> may_bring('"uuid-ossp"', "uuid_generate_v4"), may_bring("pgcrypto", "uuid_generate_v4"), may_bring("x", "y")
    (True, False, True)
    """
    return re.fullmatch(_BRINGS.get(extension.strip('"'), ".*"), function) is not None
