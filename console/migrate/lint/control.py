"""Rules about transactions and the session, which belong to the engine."""

from collections.abc import Iterator

from console.migrate.kinds.blocks import words
from console.migrate.kinds.models import Action
from console.migrate.lint.chain import File, Remark

_OWN_RULE = ("CREATE MATERIALIZED VIEW", "CALL refresh_continuous_aggregate", "DISCARD ALL")
"""What a rule of its own says better."""

_REPEATABLE = ("SET", "RESET", "COMMENT", "ANALYZE", "SELECT", "SHOW")
_UNLOCKS = "pg_advisory_unlock"
_FOR_SESSION = ("SET", "SET SESSION", "SET SESSION CHARACTERISTICS")


def em01(file: File) -> Iterator[Remark]:
    """A transaction holds the whole file or none of it.

    What refuses a transaction fails in a transactional file, and in a `transaction = off` file whatever could have been
    in one would stay half done after a failure. What may be repeated without harm may stand beside it.
    """
    statements = [step.statement for step in file.steps]
    outside = [each for each in statements if not each.transactional]
    if file.script.header.transaction:
        for each in outside:
            if not each.kind.startswith(_OWN_RULE):
                yield each.line, f"{each.kind} cannot run in a transaction; it needs a file with transaction = off."
    elif outside:
        for each in statements:
            if each.transactional and not each.kind.startswith(_REPEATABLE):
                yield (
                    each.line,
                    f"{each.kind} belongs in a transactional file of its own, apart from {outside[0].kind}.",
                )


def em02(file: File) -> Iterator[Remark]:
    """The engine begins and ends the transaction: its ledger row commits with the file or not at all.

    As statements they are refused when the file is read, as is SAVEPOINT; this finds those in DO blocks.
    """
    for line, action, _ in file.actions:
        if action.kind in ("COMMIT", "ROLLBACK"):
            yield line, f"{action.kind} in a DO block would end the engine's transaction in the middle of the file."


def em16(file: File) -> Iterator[Remark]:
    """A setting for the session outlives the file; SET LOCAL ends with its transaction."""
    for line, action, _ in file.actions:
        if action.kind in _FOR_SESSION and not _is_about_role(action):
            yield line, "SET holds for the whole session; SET LOCAL ends with the file."
        for call in action.calls:
            if call.function == "set_config" and call.argument("is_local", 2) == ("false",):
                yield line, "set_config(.., false) holds for the whole session; true ends with the file."


def em19(file: File) -> Iterator[Remark]:
    """The lock that keeps a second runner out belongs to the session, and so does the role.

    An advisory lock that is freed stays freed even when the file is rolled back, and when a probe or a precondition has
    freed it.
    """
    for statement in (*(step.statement for step in file.steps), *file.asked):
        if any(_UNLOCKS in token.lower() for token in statement.tokens):
            for name in sorted({word for word in words(statement.tokens) if word.lower().startswith(_UNLOCKS)}):
                yield statement.line, f"{name} can free the lock that keeps a second runner out."
    for line, action, _ in file.actions:
        if action.kind == "DISCARD ALL":
            yield line, "DISCARD ALL frees the lock that keeps a second runner out."
        if action.kind == "SET SESSION AUTHORIZATION" or (action.kind in _FOR_SESSION and _is_about_role(action)):
            yield line, "The role stays changed after this file; SET LOCAL ROLE ends with it."


def _is_about_role(action: Action) -> bool:
    return [token.lower() for token in action.query[:1]] == ["role"]
