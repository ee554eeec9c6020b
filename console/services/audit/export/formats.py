"""The formats: how COPY writes each, and what stands before and behind the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import get_args

from console.db.query import Query
from console.services.audit.export.models import Format, Layout, Wanted


@dataclass(frozen=True, slots=True)
class RowKind:
    """How rows of a kind are written."""

    named: Query
    """The rows, users by name."""
    nameless: Query
    """The same for a role that may not read users."""
    formats: Mapping[Format, Query]
    """What becomes of them in each format."""
    columns: Sequence[str]
    """The columns of CSV; times are UTC. omitted_bytes is the stored size of JSON that was too large for the file."""
    printed: Sequence[str]
    """The columns of the page for print."""


LAYOUTS: dict[Layout, RowKind] = {
    "events": RowKind(
        Query(__package__, "events"),
        Query(__package__, "events_nameless"),
        {format_: Query(__package__, format_) for format_ in get_args(Format)},
        ("id", "created_at", "user_id", "user", "action", "entity_type", "entity_id", "system", "patient", "ip",
         "user_agent", "session_id", "request_id", "changes", "metadata", "emr_context", "omitted_bytes"),
        ("time (UTC)", "user", "action", "entity", "entity id", "system", "patient", "address", "session", "request"),
    ),
    "disclosures": RowKind(
        Query(__package__, "disclosures"),
        Query(__package__, "disclosures_nameless"),
        {"csv": Query(__package__, "disclosures_csv"), "html": Query(__package__, "disclosures_html")},
        ("id", "created_at", "recipient", "description", "purpose", "accounting", "system", "patient", "user_id",
         "user", "ip", "session_id", "request_id"),
        ("date (UTC)", "recipient", "what", "purpose", "accounting (164.528)", "by", "patient", "request"),
    ),
    "review": RowKind(
        Query(__package__, "findings"),
        Query(__package__, "findings"),
        {"csv": Query(__package__, "findings_csv"), "html": Query(__package__, "findings_html")},
        ("finding", "level", "rule", "user_id", "user", "patient_id", "patient", "first_at", "last_at", "events",
         "evidence", "disposition", "decided_by", "decided_at", "because", "search"),
        ("finding", "level", "rule", "user", "patient", "first (UTC)", "events", "evidence", "decided", "by, because"),
    ),
}  # fmt: skip
"""By the kind of rows."""

HIDING = frozenset({"patient", "ip", "user_agent", "changes", "metadata", "emr_context", "recipient", "purpose"})
"""Columns of which a masked file says in its head that they are."""

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


def head(wanted: Wanted, said: Mapping[str, str]) -> bytes:
    """What stands before the rows; `said` is what a reader of the printed page has to know.

    >>> from pathlib import Path
    >>> head(Wanted("", "csv", Path(), ""), {})[:66]
    b'id,created_at,user_id,user,action,entity_type,entity_id,system,pat'
    """
    layout = LAYOUTS[wanted.layout]
    if wanted.format == "csv":
        names = (f"{name}_masked" if wanted.masked and name in HIDING else name for name in layout.columns)
        return (",".join(names) + "\n").encode()
    return _page(wanted.masked, wanted.title, said, layout.printed) if wanted.format == "html" else b""


def foot(format_: Format) -> bytes:
    """What stands behind them."""
    return _FOOT if format_ == "html" else b""


def frame(format_: Format) -> int:
    """Lines of the file that are no rows; the foot ends no line, so that what was stopped has as many."""
    return 1 if format_ in ("csv", "html") else 0


def _page(masked: bool, title: str, said: Mapping[str, str], printed: Sequence[str]) -> bytes:
    title = escape(f"{title}, masked" if masked else f"{title}, CONTAINS PATIENTS' DATA", quote=False)
    facts = "".join(f"<p>{escape(name)}: {escape(' '.join(value.split()))}</p>" for name, value in said.items())
    titles = "".join(f"<th>{name}</th>" for name in printed)
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{facts}<table><thead><tr>{titles}</tr></thead><tbody>\n"
    )
    return page.encode()
