"""What has to be said before anything unmasked is shown: a code, and why in a person's own words."""

LEAST_REASON = 10
"""Characters of the text that a reveal needs."""

REASONS = ("treatment", "payment", "operations", "complaint", "investigation", "patient-request", "legal", "test")
"""Codes of why somebody looks at a patient's data."""

WHY = (
    f"Why: a code ({', '.join(REASONS)}), a colon, and a text of {LEAST_REASON} characters, such as"
    " `complaint: letter of 12 May`. It is written into the audit log first."
)
"""How that is asked."""


def reason_trouble(reason: str) -> str:
    """What is wrong with a reason, a code and a text such as `complaint: letter of 12 May`; empty if nothing.

    >>> reason_trouble("complaint: letter of 12 May"), reason_trouble("curious: I want to know")
    ('', 'The reason begins with a code: treatment, payment, operations, complaint, investigation, patient-request, \
legal, test.')
    >>> reason_trouble("legal: why")
    'The text after the code has 3 of 10 characters.'
    """
    code, _, text = reason.partition(":")
    if code.strip() not in REASONS:
        return f"The reason begins with a code: {', '.join(REASONS)}."
    length = len(text.strip())
    return f"The text after the code has {length} of {LEAST_REASON} characters." if length < LEAST_REASON else ""
