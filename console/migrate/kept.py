"""The texts that the ledger keeps: they run with the rights of whoever migrates, so only as they were written there."""

from collections.abc import Sequence

from console.errors import Refused
from console.migrate.files import Script, read_script, text_sha256
from console.migrate.selection import UNCHANGED


def kept_script(name: str, text: str, hashes: Sequence[str | None]) -> Script:
    """The ledger's script of that name; Refused unless its text has each of these hashes."""
    if {text_sha256(text)} != set(hashes):
        raise Refused(
            f"{name} in the ledger is not the text that was applied: somebody has written to the ledger by hand.",
            state=UNCHANGED,
            hint="Put the text back as it was, or the file into the migrations folder."
            " See what was done: emr-console migrate history.",
        )
    return read_script(f"{name} in the ledger", text)
