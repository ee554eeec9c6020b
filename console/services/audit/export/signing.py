"""Ed25519 signatures of manifests, with keys in PEM files as `openssl genpkey -algorithm ed25519` makes them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from console.config.file import configuration
from console.config.settings import Audit
from console.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Signature = Literal["valid", "absent", "invalid"]
"""What is said of a signature."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key."""

    private: "Ed25519PrivateKey"
    """The key."""

    @property
    def public(self) -> str:
        """Its public half, hexadecimal."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> str:
        """The signature, hexadecimal."""
        return self.private.sign(content).hex()


def configured(profile: str | None) -> Audit:
    """The keys that the configuration names for a profile."""
    return configuration().settings.audit_keys(profile)


def usual(profile: str | None) -> Audit:
    """The same where no database is asked: of the profile named, else of the default one."""
    settings = configuration().settings
    return settings.audit_keys(profile or settings.default_profile)


def signing_key(keys: Audit) -> SigningKey | None:
    """The key that signs; None where none is configured, UsageError where it cannot be used."""
    return None if keys.signing_key is None else SigningKey(_private(Path(keys.signing_key).expanduser()))


def expected_key(keys: Audit) -> str | None:
    """The public key whose signatures are asked for, hexadecimal; None where any will do."""
    if keys.verify_key is not None:
        return _public(Path(keys.verify_key).expanduser()).public_bytes_raw().hex()
    own = signing_key(keys)
    return own.public if own is not None else None


def checked(public: str, signature: str, content: bytes) -> Signature:
    """Whether this key has signed this."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError, TypeError):
        return "invalid"
    return "valid"


def _private(path: Path) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with path.open("rb") as file:
            facts, text = os.fstat(file.fileno()), file.read()
        found = load_pem_private_key(text, password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, "private") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise _unusable(path, "private")
    if facts.st_mode & 0o077:
        raise UsageError(f"Others may read the signing key {path}.", hint=f"Keep it to yourself: chmod 600 {path}")
    return found


def _public(path: Path) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        found = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unusable(path, "public") from error
    if not isinstance(found, Ed25519PublicKey):
        raise _unusable(path, "public")
    return found


def _unusable(path: Path, half: str) -> UsageError:
    made = "openssl genpkey -algorithm ed25519" if half == "private" else "openssl pkey -pubout"
    return UsageError(f"{path} holds no {half} Ed25519 key without a passphrase.", hint=f"Make one with {made}.")
