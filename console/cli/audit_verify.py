"""`emr-console audit verify`: is an export what it was, or with --seals the audit log itself?"""

import argparse
from pathlib import Path

from console.cli import output
from console.cli.audit_seal import verify_seals
from console.errors import Exit, UsageError


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action."""
    action = actions.add_parser("verify", help="is an exported file what it was? with --seals, the audit log?")
    action.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help="the file; its manifest stands beside it; needs no server"
    )
    action.add_argument("--seals", action="store_true", help="hash all sealed days of the audit log again")
    action.add_argument("--against", metavar="FILE", type=Path, help="with --seals: seals that were kept elsewhere")
    action.add_argument("--json", action="store_true", help="one JSON object")
    action.set_defaults(handler=verify)


async def verify(args: argparse.Namespace) -> int:
    """Say what is proved; 1 where something is not."""
    if args.seals == (args.file is not None) or (args.against and not args.seals):
        raise UsageError("Say FILE or --seals [--against FILE].", state="Nothing was verified.")
    if args.seals:
        return await verify_seals(args)
    from console.services.audit.export import signing, verifying

    verdict = verifying.verify(args.file, signing.expected_key(signing.usual(args.profile)))
    if args.json:
        output.data(verdict.as_json())
    for finding in verdict.findings():
        output.say(args, finding)
    if verdict.ok and not args.json:
        output.text(_proved(verdict.signature, verdict.key, verdict.key_expected))
    return Exit.OK if verdict.ok else Exit.FINDINGS


def _proved(signature: str, key: str | None, expected: bool | None) -> str:
    """How far the proof goes."""
    whole = "File and manifest are as they were written"
    if signature == "absent":
        return f"{whole}. They are not signed: whoever can write both could have made both."
    by = "the configured key" if expected else "a key that is not configured here"
    return f"{whole}, and signed by {by}, {(key or '')[:16]}."
