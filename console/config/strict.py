"""What every part of config.toml has in common."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Neither an unknown key nor a value of another type is accepted, and nothing changes later."""

    # Built when a file is first checked: without one, the console's start need not wait for it.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)
