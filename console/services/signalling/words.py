"""What a person reads before a session is signalled: pure, for the panes and the command line alike."""

from collections.abc import Sequence

from console.iso import to_second
from console.services.signalling.models import PATIENCE, Subject, Verb, is_idle
from console.units import age

MANY = 5
"""Sessions from which on a name has to be typed."""

ORDINARY = frozenset({None, "client backend", "parallel worker"})
"""Kinds of process that a person may stop without typing what they are."""

LISTED = 8
"""Sessions that a question names one by one."""

SHOWN = 200
"""Characters of a statement that a question repeats."""


def named(subject: Subject) -> str:
    """A session in a few words.

    >>> known = dict.fromkeys(Subject.__slots__) | {"pid": 4711, "user": "emr_app", "database": "emr"}
    >>> named(Subject(**known)), named(Subject(**known | {"application": "psql"}))
    ('pid 4711, emr_app@emr', 'pid 4711, emr_app@emr, psql')
    """
    return ", ".join(part for part in (f"pid {subject.pid}", _place(subject), subject.application) if part)


def whom(verb: Verb, subjects: Sequence[Subject]) -> str:
    """What is to be done to whom, as a title."""
    what = "Cancel the statement of" if verb == "cancel" else "Terminate"
    return f"{what} {named(subjects[0]) if len(subjects) == 1 else f'{len(subjects)} sessions'}"


def unfit(verb: Verb, subject: Subject) -> str:
    """Why there is nothing to signal, as a sentence; empty if there is.

    >>> known = dict.fromkeys(Subject.__slots__) | {"pid": 4711, "state": "idle in transaction"}
    >>> unfit("cancel", Subject(**known)), unfit("terminate", Subject(**known))
    ('pid 4711 runs no statement that could be cancelled; only ending the session ends its transaction.', '')
    """
    if verb == "terminate" or not is_idle(subject.state):
        return ""
    ends = "; only ending the session ends its transaction" if "transaction" in (subject.state or "") else ""
    return f"pid {subject.pid} runs no statement that could be cancelled{ends}."


def consequence(verb: Verb, subjects: Sequence[Subject]) -> str:
    """What follows, in a sentence."""
    return _of_one(verb, subjects[0]) if len(subjects) == 1 else _of_many(verb, subjects)


def outcome(verb: Verb, *, gone: bool) -> str:
    """What became of one that was signalled, without its name.

    >>> outcome("cancel", gone=True), outcome("cancel", gone=False)
    ('its statement has ended', 'it goes on 5 s after it was cancelled')
    """
    if gone:
        return "its statement has ended" if verb == "cancel" else "it is gone"
    if verb == "cancel":
        return f"it goes on {PATIENCE:g} s after it was cancelled"
    return f"it is still there {PATIENCE:g} s after it was terminated; what it does cannot be interrupted now"


def typed(subjects: Sequence[Subject], database: str) -> str:
    """What has to be typed: the database's name for many, the kind of process for one that is no client.

    >>> vacuum = Subject(**dict.fromkeys(Subject.__slots__) | {"backend_type": "autovacuum worker"})
    >>> typed([vacuum], "emr"), typed([vacuum] * 5, "emr")
    ('autovacuum worker', 'emr')
    """
    if len(subjects) >= MANY:
        return database
    return next((subject.backend_type or "" for subject in subjects if subject.backend_type not in ORDINARY), "")


def facts(subjects: Sequence[Subject]) -> list[tuple[str, str]]:
    """Labels and values: all that is known of one session, a line each of several."""
    if len(subjects) == 1:
        return _all_of(subjects[0])
    listed = [(str(subject.pid), _line(subject)) for subject in subjects[:LISTED]]
    more = len(subjects) - len(listed)
    return [*listed, ("", f"and {more} more")] if more else listed


def _all_of(subject: Subject) -> list[tuple[str, str]]:
    since = f"{to_second(subject.backend_start)} UTC" if subject.backend_start else ""
    known = {
        "who": _place(subject),
        "application": " from ".join(part for part in (subject.application, subject.client) if part),
        "kind": subject.backend_type if subject.backend_type not in ORDINARY else "",
        "works for": f"pid {subject.leader_pid}" if subject.leader_pid else "",
        "connected since": since,
        "state": ", its statement began ".join(part for part in (subject.state or "", _ago(subject.query_age)) if part),
        "transaction": _transaction(subject),
        "blocks": _sessions(subject.blocks),
        "statement": _shortened(subject.query or ""),
    }
    return [(label, value) for label, value in known.items() if value]


def _shortened(query: str) -> str:
    text = " ".join(query.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _place(subject: Subject) -> str:
    """Whose it is, and where; of the server's own processes what it is."""
    who = subject.user or subject.backend_type or ""
    return f"{who}@{subject.database}" if subject.database else who


def _line(subject: Subject) -> str:
    """One of several, short enough for a line."""
    who = " ".join(part for part in (subject.user or subject.backend_type, subject.application) if part)
    state = " ".join(part for part in (subject.state, age(subject.transaction_age)) if part)
    parts = (who, state, "written" if subject.has_written else "", f"blocks {subject.blocks}" if subject.blocks else "")
    return ", ".join(part for part in parts if part)


def _ago(seconds: float | None) -> str:
    return "" if seconds is None else f"{age(seconds)} ago"


def _transaction(subject: Subject) -> str:
    if subject.transaction_age is None:
        return ""
    return f"open for {age(subject.transaction_age)}, has {'written' if subject.has_written else 'not written'}"


def _of_one(verb: Verb, subject: Subject) -> str:
    if subject.backend_type not in ORDINARY:
        return _of_the_server(subject)
    if subject.leader_pid:
        return f"It works for pid {subject.leader_pid}, whose statement fails with it."
    return _cancelled(subject) if verb == "cancel" else _terminated(subject)


def _of_the_server(subject: Subject) -> str:
    """What becomes of a process that serves no client."""
    if subject.backend_type == "autovacuum worker":
        return "The vacuum stops; autovacuum begins it again later, from the start."
    if subject.backend_type == "walsender":
        return f"Replication to {subject.client or 'its receiver'} stops, and goes on when that connects again."
    return f"This {subject.backend_type} is the server's own; what it does fails, and may be begun again by itself."


def _cancelled(subject: Subject) -> str:
    """What becomes of one that is cancelled; what it has locked is only set free with its transaction."""
    older = (subject.transaction_age or 0.0) - (subject.query_age or 0.0)
    if older < _SAME_MOMENT:
        return f"Its statement ends with an error and is undone; the session stays{_freed(subject)}."
    return (
        f"Its statement ends with an error; its transaction ({_transaction(subject)}) is aborted, but keeps its locks"
        " until the client rolls back."
    )


def _terminated(subject: Subject) -> str:
    if subject.transaction_age is None:
        return f"Its connection is closed; it has no open transaction{_freed(subject)}."
    return f"Its connection is closed, and its transaction ({_transaction(subject)}) rolls back{_freed(subject)}."


def _freed(subject: Subject) -> str:
    return f"; {_sessions(subject.blocks)} wait{'' if subject.blocks > 1 else 's'} for it" if subject.blocks else ""


def _of_many(verb: Verb, subjects: Sequence[Subject]) -> str:
    if verb == "cancel":
        return "The statement of each ends with an error; a transaction begun before it is aborted."
    opened = sum(subject.transaction_age is not None for subject in subjects)
    written = sum(subject.has_written for subject in subjects)
    are = "transaction rolls" if opened == 1 else "transactions roll"
    return f"Every connection is closed; {opened} open {are} back, {written} of them with changes."


def _sessions(count: int) -> str:
    return f"{count} session{'s' if count > 1 else ''}" if count else ""


_SAME_MOMENT = 0.005
"""Seconds between a transaction and its first statement, where that statement is all of it."""
