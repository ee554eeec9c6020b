"""The base of every model of a query's rows; models import nothing else of ours."""

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """One row of a query; a lost or added column is an error at the border, and no value stands in its text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
