"""The formats: how COPY writes each, and what stands before and behind the rows."""

from collections.abc import Mapping
from html import escape

from console.db.query import Query
from console.services.audit.export.models import Format

EVENTS = Query(__package__, "events")
NAMELESS = Query(__package__, "events_nameless")
FORMATS: dict[Format, Query] = {
    "csv": Query(__package__, "csv"),
    "jsonl": Query(__package__, "jsonl"),
    "fhir": Query(__package__, "fhir"),
    "html": Query(__package__, "html"),
}
"""What becomes of the events in each."""

COLUMNS = (
    "id", "created_at", "user_id", "user", "action", "entity_type", "entity_id", "system", "patient", "ip",
    "user_agent", "session_id", "request_id", "changes", "metadata", "emr_context", "omitted_bytes",
)  # fmt: skip
"""The columns of CSV; times are UTC. omitted_bytes is the stored size of JSON that was too large for the file."""

HIDING = frozenset({"patient", "ip", "user_agent", "changes", "metadata", "emr_context"})
"""Columns of which a masked file says in its head that they are."""

PRINTED = (
    "time (UTC)", "user", "action", "entity", "entity id", "system", "patient", "address", "session", "request",
)  # fmt: skip
"""The columns of the page for print."""

_STYLE = (
    "body{font:9pt sans-serif}table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:2px 4px;"
    "text-align:left;overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}"
    "@page{size:landscape;margin:12mm}"
)
_FOOT = b"</tbody></table></body></html>"


def options(format_: Format) -> str:
    """COPY's own options."""
    return " (format csv)" if format_ == "csv" else ""


def unescaped(format_: Format, lines: bytes) -> bytes:
    r"""Lines of COPY as the file holds them; JSON and HTML have no control characters, so only backslashes are doubled.

    >>> unescaped("jsonl", b'{"a": "\\\\n"}')
    b'{"a": "\\n"}'
    """
    return lines if format_ == "csv" else lines.replace(b"\\\\", b"\\")


def head(format_: Format, masked: bool, title: str, said: Mapping[str, str]) -> bytes:
    """What stands before the rows; `said` is what a reader of the printed page has to know.

    >>> head("csv", True, "Audit log", {})[:66]
    b'id,created_at,user_id,user,action,entity_type,entity_id,system,pat'
    """
    if format_ == "csv":
        names = (f"{name}_masked" if masked and name in HIDING else name for name in COLUMNS)
        return (",".join(names) + "\n").encode()
    return _page(masked, title, said) if format_ == "html" else b""


def foot(format_: Format) -> bytes:
    """What stands behind them."""
    return _FOOT if format_ == "html" else b""


def frame(format_: Format) -> int:
    """Lines of the file that are no rows; the foot ends no line, so that what was stopped has as many."""
    return 1 if format_ in ("csv", "html") else 0


def _page(masked: bool, title: str, said: Mapping[str, str]) -> bytes:
    title = escape(f"{title}, masked" if masked else f"{title}, CONTAINS PATIENTS' DATA", quote=False)
    facts = "".join(f"<p>{escape(name)}: {escape(' '.join(value.split()))}</p>" for name, value in said.items())
    titles = "".join(f"<th>{name}</th>" for name in PRINTED)
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{facts}<table><thead><tr>{titles}</tr></thead><tbody>\n"
    )
    return page.encode()
