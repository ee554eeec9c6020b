"""What is said where a search finds nobody: what was searched for, and where."""

from console.services.patients.wanted import Wanted


def nobody(wanted: Wanted) -> str:
    """That nobody fits, in words that name no patient.

    >>> from console.services.patients.wanted import wanted
    >>> print(nobody(wanted("TEST-0009999 born:1980-02-03")))
    No patient who was born on that day has this number.
    Record numbers and the ids in EMRs were searched: the whole number, upper and lower case as typed.
    >>> print(nobody(wanted("1980-02-03")))
    No patient was born on that day.
    """
    born = " who was born on that day" if wanted.born else ""
    if wanted.id is not None:
        return f"No patient{born} has this id.\nThe patients' own ids were searched, not those in EMRs."
    if wanted.is_name:
        return f"No patient{born} has a name that begins so."
    if wanted.word is None:
        return "No patient was born on that day."
    searched = "Record numbers and the ids in EMRs were searched: the whole number, upper and lower case as typed."
    return f"No patient{born} has this number.\n{searched}"
