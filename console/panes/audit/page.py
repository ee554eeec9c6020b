"""The page of one row: what is known of it, what was changed, what a reveal shows."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from console.iso import to_microsecond
from console.services.audit.closer import Clear, Opened
from console.services.audit.closer_models import Whole
from console.ui.detail import Block
from console.ui.facts import Fact
from console.ui.text import bytes_text, fit

FIELD = 24
"""Cells of a field's name at most."""


def title(whole: Whole) -> str:
    """What was done, and when."""
    return f"{whole.action} {whole.entity_type}, {_moment(whole.created_at)}"


def facts(found: Opened, user: str | None) -> list[Fact]:
    """Everything that is no JSON."""
    whole = found.whole
    known: Mapping[str, object] = {
        "when": _moment(whole.created_at),
        "user": f"{user}  {whole.user_id}" if user else f"{whole.user_id}, whose name nobody has now",
        "operator": _operator(whole),
        "entity": f"{whole.entity_type}  {whole.entity_id}",
        "patient": f"{whole.patient} in {whole.system or 'an EMR'}" if whole.patient else "",
        "from": "  ".join(part for part in (whole.ip, whole.user_agent) if part),
        "session": whole.session_id or "",
        "request": whole.request_id,
        "row": whole.id,
        "seal": found.sealed,
        "view": found.kept.why and f"not in the audit log: {found.kept.why}",
    }
    return [(label, str(value)) for label, value in known.items() if value]


def _operator(whole: Whole) -> str:
    """Who used this console; a name that only the row itself says could be anybody's."""
    if not (whole.user_agent or "").startswith("emr-console/"):
        return ""
    return whole.operator or "a name for which only the row vouches; v reveals it"


def blocks(found: Opened) -> list[Block]:
    """What was changed, and what the application noted; all of it masked."""
    whole = found.whole
    said = [("changes, before and after", json_text(whole.changes, whole.changes_bytes))]
    for number, states in enumerate(found.states, 1):
        more = f" {number}" if len(found.states) > 1 else ""
        nothing = "no field differs" if states.changes is None and states.states_bytes <= 1 << 18 else ""
        said.append((f"states{more}, before and after", nothing or json_text(states.changes, states.states_bytes)))
        if states.validation is not None:
            said.append((f"validation{more}", json_text(states.validation, 0)))
    if found.unread:
        said.append(("states", f"cannot be read: {found.unread}"))
    said.append(("metadata", json_text(whole.metadata, whole.metadata_bytes)))
    if whole.context_bytes:
        said.append(("context of the EMR", f"{bytes_text(whole.context_bytes)}, shown when it is revealed"))
    return [Block(heading, text) for heading, text in said if text]


def clear_blocks(clear: Clear) -> list[Block]:
    """What a reveal shows."""
    row = clear.row
    said: list[tuple[str, str | None]] = [
        ("patient", row.patient), ("address", row.ip), ("changes", row.changes), ("metadata", row.metadata),
        ("context of the EMR", row.context),
    ]  # fmt: skip
    for states in clear.states:
        said += [("before", states.before), ("after", states.after), ("validation", states.validation)]
    return [Block(f"{heading}, REVEALED", text) for heading, text in said if text and "".join(text.split()) != "{}"]


def json_text(value: object, size: int) -> str:
    """Fields and their values, a change as before and after; nothing where there is nothing.

    >>> print(json_text({"status": {"from": "TO_DO", "to": "COMPLETED"}, "phone": "***", "note": {"to": "***"}}, 90))
    note               ->  ***
    phone   ***
    status  TO_DO      ->  COMPLETED
    >>> json_text(None, 104_857_600), json_text(None, 0), json_text({}, 8)
    ('not read: 100 MB, and no more than 256 kB are', '', '')
    """
    if value is None:
        return f"not read: {bytes_text(size)}, and no more than 256 kB are" if size else ""
    if not isinstance(value, dict):
        return str(value)
    return "\n".join(_lines(value))


def _lines(fields: Mapping[str, object]) -> Iterator[str]:
    width = min(FIELD, max((len(name) for name in fields), default=0))
    befores = [_word(change.get("from")) for change in fields.values() if isinstance(change, dict)]
    room = max((len(before) for before in befores), default=0)
    for name in sorted(fields):
        change = fields[name]
        if isinstance(change, dict):
            said = f"{fit(_word(change.get('from')), max(room, 9))}  ->  {_word(change.get('to'))}"
        else:
            said = _word(change)
        yield f"{fit(name, width)}  {said}".rstrip()


def _word(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _moment(at: datetime) -> str:
    return f"{to_microsecond(at)} UTC"
