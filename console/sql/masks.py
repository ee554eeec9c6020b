"""What is left of a patient's data when it is masked: one definition in SQL, for panes, headless answers and exports.

A query file writes `mask.name(p.first_name)` as if there were such a function; the expression is put in its place
before it is sent: a session that only reads can make no function, and no mask may depend on what the schema holds.
"""

import json
import re
from collections.abc import Iterable

from console.sql.harmless import FIELDS, KEYS, NUMBERS, OWN, TERMS, WORDS

_OCTET = "([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_GROUPS = "([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)"
_ADDRESSES = (
    f"^({_OCTET}[.]){{3}}{_OCTET}$",
    "^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$",
    f"^(?!(.*:){{8}}){_GROUPS}?::{_GROUPS}?$",
)
_ENCRYPTED = r"^([A-Za-z0-9+/_-]{40,}={0,2}|\\x[0-9a-f]{32,}|v[0-9]+[.:].{24,})$"

LARGEST = 262_144
"""Bytes of a JSON value, as it is stored, above which it is not read: one of them may have 100 MB."""

_NUMBER = "^-?[0-9]{1,6}([.][0-9]{1,3})?$"
_CONTROLS = r"[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
"""C0, DEL, C1, and what changes the direction or the line of a text."""

_PRODUCT = "^[A-Za-z][A-Za-z0-9.-]*/[0-9][A-Za-z0-9.-]*$"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _value(value: str, own: bool = False) -> str:
    """A value of JSON under the key k: yes or no, or what the lists of harmless.py let stand there; else that it is."""
    text, kind = f"{value} #>> array[]::text[]", f"jsonb_typeof({value})"
    ours = (
        f" when {kind} in ('string', 'number') and {text} ~ ('{json.dumps(OWN)}'::jsonb ->> k) then {value}"
        f" when k = 'search' and {kind} = 'string' then to_jsonb({_search(text)})"
        if own
        else ""
    )
    return (
        f"case when {value} is null or {kind} = 'null' then null when {kind} = 'boolean' then {value}"
        f" when {kind} = 'number' and k in ({_listed(NUMBERS)}) and {text} ~ '{_NUMBER}' then {value}"
        f" when {kind} = 'string' and '{json.dumps(WORDS)}'::jsonb -> k ? ({text}) then {value}{ours}"
        " else to_jsonb('***'::text) end"
    )


def _search(text: str) -> str:
    """A search that was written down, word by word."""
    return (
        f"(select string_agg(case when word ~ '{TERMS}' then word"
        f" else case when word ~ '{FIELDS}' then regexp_replace(word, '{FIELDS}', '\\1:') else '' end || '***' end,"
        f" ' ' order by n) from regexp_split_to_table({text}, ' ') with ordinality as of_search (word, n))"
    )


def _json(value: str) -> str:
    """A column of JSON with `value` under each key; a key that is not known to be a field's name is masked itself."""
    return (
        f"case when {{}} is null or pg_column_size({{}}) > {LARGEST} then null"
        " when jsonb_typeof({}) <> 'object' then to_jsonb('***'::text)"
        f" else (select coalesce(jsonb_object_agg(case when k in ({_listed(KEYS)}) then k else '***' end, {value}),"
        " jsonb_build_object()) from jsonb_each({}) as each_of (k, v)) end"
    )


_BEFORE, _AFTER = _value("(v -> 'from')"), _value("(v -> 'to')")
_CHANGE = (
    "case when jsonb_typeof(v) = 'object' and v ?| array['from', 'to']"
    f" then jsonb_build_object('from', {_BEFORE}, 'to', {_AFTER}) else {_value('v')} end"
)

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
    "agent": (
        "(select string_agg(token, ' ' order by n) from regexp_split_to_table(regexp_replace(regexp_replace("
        r"left({}, 300), '[(][^()]*[)]', ' ', 'g'), '[(].*$', ''), '\s+') with ordinality as t (token, n)"
        f" where token ~ '{_PRODUCT}')"
    ),
    "json": _json(_value("v")),
    "own": _json(_value("v", own=True)),
    "changes": _json(_CHANGE),
    "small": (
        f"case when pg_column_size({{}}) <= {LARGEST}"
        f" then case when octet_length({{}}::text) <= {LARGEST} then {{}} end end"
    ),
    "address": "case when " + " or ".join(f"{{}} ~ '{each}'" for each in _ADDRESSES) + " then ({})::inet end",
    "html": (
        "replace(replace(replace(replace(regexp_replace({}, '" + _CONTROLS + "', ' ', 'g'), '&', '&amp;'),"
        " '<', '&lt;'), '>', '&gt;'), '\"', '&quot;')"
    ),
    "cell": (
        rf"case when {{}} ~ '^\s*[-=+@|]' then chr(39) else '' end || regexp_replace({{}}, '{_CONTROLS}', '?', 'g')"
    ),
}
"""By name: the expression, `{}` being the column.

name: the first letter; what an application has encrypted (base64, hex, or a version before the ciphertext) is only said
to be. mrn: the last four characters, where that is not nearly all of it. ip: the network, /24 or /48. agent: programs
and their versions, without remarks. json: only what harmless.py lets stand; changes: the same, where a value may be
{from, to}; own: the same of a row that calls itself ours, where what only we write passes, too. All three are null
above LARGEST.
small is no mask: JSON as it is, null above LARGEST. The server may have squeezed ninety times as much into what it has
stored, so that its text is measured, too, where what is stored is small enough to be unpacked.
cell: a text for a spreadsheet, quoted where it would be calculated; html: one for a browser, of which nothing is
interpreted; neither holds control characters. address is no mask: a text as inet where it is an address, since an
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
    if "mask." not in statement:  # looking for whole words takes twenty times as long
        return statement
    return _CALL.sub(lambda call: MASKS[call[1]].replace("{}", call[2]), statement)
