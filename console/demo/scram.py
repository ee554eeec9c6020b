"""The form in which PostgreSQL keeps a password; a statement with it gives the password away to nobody."""

import base64
import hashlib
import hmac
import os

ITERATIONS = 4096
"""PostgreSQL's own number."""


def verifier(password: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """A SCRAM-SHA-256 verifier for ALTER ROLE, as of RFC 5803; the password is ASCII.

    >>> verifier("pencil", b"0123456789abcdef")[:46]
    'SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$nQ'
    """
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, iterations)
    stored = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    return f"SCRAM-SHA-256${iterations}:{_text(salt)}${_text(stored)}:{_text(_keyed(salted, b'Server Key'))}"


def _keyed(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
