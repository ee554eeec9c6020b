"""From when on a review of accesses finds something: `[profiles.x.review]`, then such as `bulk_patients = 40`."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from console.config.strict import Strict

Number = Annotated[int, Field(ge=1, le=1_000_000)]
"""How many of something."""

Days = Annotated[int, Field(ge=1, le=366)]
"""A time span."""


class Review(Strict):
    """The thresholds of one database; from a number on something is found."""

    care_days: Days = 30
    """So long before and after a look a task or handover counts as caring for the patient."""
    care_patients: Number = 5
    """Patients of other departments on one day, from which on a person's looks are one finding instead of one each."""
    past_patients: Number = 6
    """Patients on one day whose care is over or has not begun; fewer belong to the work."""
    shift_hours: Annotated[int, Field(ge=0, le=24)] = 2
    """So long before and after a shift one may still be at work."""
    habit_days: Days = 28
    """Where shifts are not known, hours are usual at which a person was at work on two days so long before."""
    time_zone: str = "UTC"
    """Hours and weekends are this zone's where shifts are not known, and in a search for `after-hours`."""
    after_hours_looks: Number = 5
    """Looks of one person on one day outside every shift."""
    bulk_patients: Number = 30
    """Patients whom one person opens within an hour."""
    sweep_looks: Number = 10
    """Looks within ten minutes at patients whose numbers follow one another."""
    export_records: Number = 100
    """Records that one person may export in a day."""
    reason_characters: Number = 10
    """Characters that the reason of a break-glass needs."""
    break_glass_uses: Number = 3
    """Break-glass of one person that a week may have."""
    crowd_users: Number = 10
    """People who look at one patient within a day."""
    network_days: Days = 90
    """So long a network must not have been used to be called new."""
    failed_logins: Number = 10
    """Failed sign-ins of one account within an hour."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            raise ValueError("there is no such time zone") from None
        return name
