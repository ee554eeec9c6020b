"""Why a rehearsal is not held: a sentence for the plan, which then says what it knows without one."""

import re
from collections.abc import Iterator

from console.errors import Refused
from console.migrate.files import Script
from console.sql.tokens import tokens

_ROLE = r'(?:[%\w]+|"[^"]*")'
_ELSEWHERE = re.compile(
    r"\b(?:create|alter|drop) (?:role|user(?! mapping)|group|tablespace|database|subscription)\b"
    r"|\balter system\b|\b(?:reassign|drop) owned\b|\b(?:to|from) program\b"
    rf"|\b(?:grant|revoke) (?:\w+ option for )?(?!\w+ option ){_ROLE}(?: ?, {_ROLE})* (?:to|from)\b"
    r"|\b(?:dblink\w*|pg_reload_conf|pg_rotate_logfile|pg_terminate_backend|pg_cancel_backend|pg_promote|lo_export)\b",
    re.IGNORECASE,
)
"""What reaches out of its database: to the whole server, to its files, to other sessions or servers."""

_DOLLARS = re.compile(r"\A\$[^$]*\$|\$[^$]*\$\Z")


class NotRehearsed(Refused):
    """A rehearsal was not possible, or would not have told the truth; nothing was changed."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(f"not rehearsed: {reason}", state="Nothing was changed.", hint=hint)


def refuse_reaching_out(script: Script) -> None:
    """Stop at a script whose effect might not stay inside a scratch database."""
    for statement in script.statements:
        if reaches_out(statement.text):
            where = f"line {statement.line} of {script.file}"
            raise NotRehearsed(f"{where} reaches out of its database, so a scratch one would not hold it.")


def reaches_out(text: str) -> bool:
    """Whether a statement may act on more than its database; in doubt it does, also in a body that is only defined.

    >>> reaches_out("DO $$ begin execute 'create role x'; end $$"), reaches_out("grant emr_app to ana")
    (True, True)
    >>> reaches_out("grant select on tasks to emr_app"), reaches_out("comment on table t is 'drop database'")
    (False, False)
    """
    return _ELSEWHERE.search(" ".join(_said(text))) is not None


def _said(text: str, *, in_body: bool = False) -> Iterator[str]:
    """Tokens without space and comments, bodies opened; a string counts only in a body, which may execute it."""
    for kind, start, end in tokens(text):
        if kind == "dollar":
            yield from _said(_DOLLARS.sub("", text[start:end]), in_body=True)
        elif kind in ("string", "escaped") and in_body:
            yield " ".join(text[start:end].strip("'").split())
        elif kind not in ("space", "comment", "string", "escaped"):
            yield text[start:end]
