"""The base of every model of a query's rows, and statements as they hold them; models import nothing else of ours."""

from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from console.sql.lexer import mask as mask  # for models, which import nothing else of ours

HIDDEN_TEXT = "<insufficient privilege>"
"""What the server puts in place of a statement that our role may not read."""

REPEATED = 2_048
"""Characters of a statement that a refresh may bring; most sessions say the same thing refresh after refresh."""

_mask_once = lru_cache(maxsize=4_096)(mask)


def _masked(sent: object) -> object:
    text = sent.decode("utf-8", "replace") if isinstance(sent, bytes) else sent
    if not isinstance(text, str):
        return text
    return _mask_once(text) if len(text) <= REPEATED else mask(text)


MaskedText = Annotated[str, BeforeValidator(_masked)]
"""A statement of somebody, its literals masked before it is a value of ours; what is not UTF-8 becomes U+FFFD."""

Definition = Annotated[str, PlainSerializer(mask)]
"""SQL of the catalogue, whole for who copies it: its constants may be a patient's, so wherever it is written down it is
masked, and whoever shows it masks it."""


class Row(BaseModel):
    """One row of a query; a lost or added column is an error at the border, and no value stands in its text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)
