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

LARGEST = 262_144
"""Bytes of a JSON value, as it is stored, above which it is not read: one of them may have 100 MB."""

HARMLESS = (
    "status", "priority", "version", "outcome", "response_time_ms", "duration_ms", "format", "record_count", "results",
    "field", "mfa_used", "attempt", "emr_system", "entity_type", "action", "operator", "session_user", "synthetic",
)  # fmt: skip
"""Keys of JSON whose values say nothing of a patient; what stands under any other key is masked."""


def _value(value: str) -> str:
    """A value of JSON under the key k: a number, a yes or no, or one word, where that is harmless; else that it is."""
    harmless = ", ".join(f"'{key}'" for key in HARMLESS)
    word = f"{value} #>> array[]::text[] ~ '^[A-Za-z_]{{1,32}}$'"
    return (
        f"case when {value} is null or jsonb_typeof({value}) = 'null' then null"
        f" when k in ({harmless}) and (jsonb_typeof({value}) in ('number', 'boolean') or {word}) then {value}"
        " else to_jsonb('***'::text) end"
    )


def _json(value: str) -> str:
    """A column of JSON with `value` under each key; keys are names of fields, and masked where they do not look so."""
    return (
        f"case when {{}} is null or pg_column_size({{}}) > {LARGEST} then null"
        " when jsonb_typeof({}) <> 'object' then to_jsonb('***'::text)"
        f" else (select coalesce(jsonb_object_agg(case when k ~ '^[a-z][A-Za-z_]*$' then k else '***' end, {value}),"
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
    "json": _json(_value("v")),
    "changes": _json(_CHANGE),
    "address": "case when " + " or ".join(f"{{}} ~ '{each}'" for each in _ADDRESSES) + " then ({})::inet end",
    "html": (
        "replace(replace(replace(replace(regexp_replace({}, '[[:cntrl:]]', ' ', 'g'), '&', '&amp;'), '<', '&lt;'),"
        " '>', '&gt;'), '\"', '&quot;')"
    ),
    "formula": r"case when {} ~ '^\s*[-=+@|\t\r\n]' then chr(39) || {} else {} end",
}
"""By name: the expression, `{}` being the column.

name: the first letter; what an application has encrypted (base64, hex, or a version before the ciphertext) is only said
to be. mrn: the last four characters, where that is not nearly all of it. ip: the network, /24 or /48. json:
only values under HARMLESS keys; changes: the same, where a value may be {from, to}; both are null above LARGEST.
formula: a text that a spreadsheet would calculate is quoted; html: one that a browser would interpret. address is no
mask: a text as inet where it is an address, since an application writes what it likes (pg_input_is_valid came with 16).
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
