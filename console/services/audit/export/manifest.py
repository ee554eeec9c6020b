"""The manifest of an export: what is in the file, who wanted it and why, and what proves both.

It is canonical: its text follows from its content, so that no byte of it can change unseen. `digest` is the SHA-256 of
everything else in it; the signature, where there is a key, is over everything but itself and the digest.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from console.services.audit.export.signing import SigningKey

Manifest = dict[str, Any]
"""Its content, in its order."""

_UNSIGNED = frozenset({"signature", "digest"})


def sealed(content: Mapping[str, object], key: SigningKey | None) -> Manifest:
    """A manifest with its signature, where there is a key, and its digest."""
    whole: Manifest = dict(content)
    if key is not None:
        whole["public_key"] = key.public
        whole["signature"] = key.sign(signed_part(whole))
    whole["digest"] = digest(whole)
    return whole


def rendered(manifest: Manifest) -> bytes:
    """Its only text.

    >>> rendered({"rows": 1, "reason": "ä"})
    b'{\\n  "rows": 1,\\n  "reason": "\\\\u00e4"\\n}\\n'
    """
    return (json.dumps(manifest, indent=2) + "\n").encode("ascii")


def parsed(text: bytes) -> Manifest | None:
    """Its content; None where this is not the text that the content has."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and rendered(found) == text else None


def signed_part(manifest: Manifest) -> bytes:
    """What the signature is over."""
    return _canonical({name: value for name, value in manifest.items() if name not in _UNSIGNED})


def digest(manifest: Manifest) -> str:
    """The SHA-256 of everything but itself, hexadecimal."""
    return sha256(_canonical({name: value for name, value in manifest.items() if name != "digest"})).hexdigest()


def _canonical(content: Manifest) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
