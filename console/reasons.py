"""How long a reason has to be, wherever a person says for the record why something is done."""

LEAST_REASON = 8
"""Characters: enough for a ticket and a word, too many for a key held down."""


def reason_trouble(typed: str) -> str:
    """What is wrong with a reason; empty if nothing.

    >>> reason_trouble(" "), reason_trouble("full"), reason_trouble("disk full")
    ('A reason is needed.', 'The reason has 4 of 8 characters.', '')
    """
    length = len(typed.strip())
    if length >= LEAST_REASON:
        return ""
    return f"The reason has {length} of {LEAST_REASON} characters." if length else "A reason is needed."
