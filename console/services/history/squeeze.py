"""How little a moment takes: most of it is what another one said, and is written as a reference to that."""

import zstandard

from console.errors import UsageError

LARGEST = 64 << 20
"""Bytes that one answer may have; a foreign file could claim any number."""


def squeezed(text: bytes, base: bytes) -> bytes:
    """A text, written as what differs from another one; an empty base is none.

    >>> text = b'{"sessions": [4711, 4802]}' * 9
    >>> len(squeezed(text, b"")) > len(squeezed(text, text))
    True
    """
    body = zstandard.ZstdCompressor(level=3, dict_data=_dictionary(base)).compress(text)
    return bytes(memoryview(body))  # a copy: what was compressed keeps the memory of the longest possible answer


def restored(body: bytes, base: bytes) -> bytes:
    """The text again; UsageError where the bytes are not such a text.

    >>> restored(squeezed(b"a b c", b"a b"), b"a b")
    b'a b c'
    >>> restored(b"nothing", b"")
    Traceback (most recent call last):
    ...
    console.errors.UsageError: A part of the recording is damaged.
    """
    try:
        if not 0 <= zstandard.frame_content_size(body) <= LARGEST:
            raise zstandard.ZstdError("too large")
        return zstandard.ZstdDecompressor(dict_data=_dictionary(base)).decompress(body)
    except zstandard.ZstdError as error:
        raise UsageError("A part of the recording is damaged.") from error


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None
