"""What is left of a patient's data when it is masked: one definition in SQL, for panes, headless answers and exports.

A query file writes `mask.name(p.first_name)` as if there were such a function; the expression is put in its place
before it is sent: a session that only reads can make no function, and no mask may depend on what the schema holds.
"""

import re

_OCTET = "([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_GROUPS = "([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)"
_ADDRESSES = (
    f"^({_OCTET}[.]){{3}}{_OCTET}$",
    "^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$",
    f"^(?!(.*:){{8}}){_GROUPS}?::{_GROUPS}?$",
)
_ENCRYPTED = r"^([A-Za-z0-9+/_-]{40,}={0,2}|\\x[0-9a-f]{32,}|v[0-9]+[.:].{24,})$"

MASKS = {
    "name": (
        "case when {} is null or {} = '' then null"
        f" when {{}} ~ '{_ENCRYPTED}' then 'encrypted' else upper(left({{}}, 1)) || '***' end"
    ),
    "mrn": "case when {} is null then null when length({}) > 6 then '***' || right({}, 4) else '***' end",
    "year": "extract(year from {})::int",
    "ip": (
        "case when {} is null then null"
        " when {} ~ '^[0-9]{1,3}([.][0-9]{1,3}){3}$' then regexp_replace({}, '[0-9]+$', '0/24')"
        " when {} ~ '^([0-9a-fA-F]{1,4}:){3}' then substring({} from '^[^:]*:[^:]*:[^:]*:') || ':/48'"
        " else '***' end"
    ),
    "address": "case when " + " or ".join(f"{{}} ~ '{each}'" for each in _ADDRESSES) + " then ({})::inet end",
    "formula": r"case when {} ~ '^\s*[-=+@|\t\r\n]' then chr(39) || {} else {} end",
}
"""By name: the expression, `{}` being the column.

name: the first letter; what an application has encrypted (base64, hex, or a version before the ciphertext) is only said
to be. mrn: the last four characters, where that is not nearly all of it. ip: the network, /24 or /48. formula: a text
that a spreadsheet would calculate is quoted. address is no mask: a text as inet where it is an address, since an
application writes what it likes (pg_input_is_valid came with 16).
"""

_CALL = re.compile(r"\bmask\.([a-z]+)\(([a-z_][a-z_0-9.]*(?: ->> '[a-z_]+')?)\)")


def expanded(statement: str) -> str:
    """A query with every `mask.<name>(column)` as the expression that it stands for.

    >>> expanded("select mask.year(p.date_of_birth) as birth_year")
    'select extract(year from p.date_of_birth)::int as birth_year'
    >>> expanded("select mask.nothing(a.b)")
    Traceback (most recent call last):
    ...
    KeyError: 'nothing'
    """
    return _CALL.sub(lambda call: MASKS[call[1]].replace("{}", call[2]), statement)
