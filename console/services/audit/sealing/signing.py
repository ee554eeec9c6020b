"""Signatures of seals: Ed25519 over the words `emr-console seal`, a blank and the seal in hex, all of it ASCII.

Each seal is over the one before it, so that one signature proves every seal up to it, those without one as well.
"""

from collections.abc import Sequence

from console.services.audit.export.signing import SigningKey, checked
from console.services.audit.sealing.models import Finding, Head, Seal


def text(seal: Seal) -> bytes:
    """What a signature is over."""
    return f"emr-console seal {seal.seal}".encode("ascii")


def signed(seal: Seal, key: SigningKey | None) -> Seal:
    """A seal with its signature; as it is where there is no key."""
    return (
        seal if key is None else seal.model_copy(update={"public_key": key.public, "signature": key.sign(text(seal))})
    )


def first_due(seals: Sequence[Seal], head: Head | None) -> int | None:
    """From which seal on signatures have to be there; None where none has.

    Those from before the first one need none; `head` is what an event tells of the last seal.
    """
    signed = [seal.number for seal in seals if seal.signature is not None]
    told = [head.number] if head is not None and head.public_key is not None else []
    return min([*signed, *told], default=None)


def doubts(seal: Seal, expected: str | None, due: int | None) -> list[Finding]:
    """What is wrong with the signature of a seal; `expected` is the key that signs here, None where any may."""
    told = _wrong(seal, expected, due=due is not None and seal.number >= due)
    return [Finding(table=seal.table_name, day=seal.day, state="signature", sentence=told)] if told else []


def _wrong(seal: Seal, expected: str | None, *, due: bool) -> str:
    name = f"Seal {seal.number} of {seal.table_name}, of {seal.day},"
    if seal.signature is None or seal.public_key is None:
        return f"{name} is not signed, though it was or seals before it are." if due else ""
    if checked(seal.public_key, seal.signature, text(seal)) == "invalid":
        return f"{name} has a signature that is not of its key."
    if expected is not None and seal.public_key != expected:
        return f"{name} is signed by another key than the configured one: {seal.public_key[:16]}."
    return ""
