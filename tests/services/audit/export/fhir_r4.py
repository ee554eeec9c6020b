"""The structure of an AuditEvent as FHIR R4 (4.0.1) defines it: elements, how many, their types, and required codes."""

import re
from collections.abc import Callable, Iterator
from typing import Any

DCM = "http://dicom.nema.org/resources/ontology/DCM"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
KNOWN = {
    DCM: {"110100", "110106", "110110", "110112", "110113", "110114", "110122", "110123", "110127", "110129", "110150"},
    TERMINOLOGY + "v3-ObservationValue": {"MASKED"},
    TERMINOLOGY + "v3-Confidentiality": {"R"},
    TERMINOLOGY + "v3-ActReason": {"BTG"},
    TERMINOLOGY + "security-source-type": {str(number) for number in range(1, 10)},
    TERMINOLOGY + "audit-entity-type": {"1", "2", "3", "4"},
    TERMINOLOGY + "object-role": {str(number) for number in range(1, 25)},
}
"""Code systems of HL7 and DICOM, and those of their codes that we use."""


def string(value: object) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= 1_048_576


def matching(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def coding(value: object) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"system", "version", "code", "display", "userSelected"}:
        return False
    known = KNOWN.get(value.get("system", ""))
    return all(string(each) for each in value.values()) and (known is None or value["code"] in known)


INSTANT = matching(
    r"[1-9]\d{3}-(0[1-9]|1[0-2])-\d{2}T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)"
)
URI = matching(r"\S+")

IDENTIFIER = {"system": (0, 1, URI), "value": (0, 1, string)}
REFERENCE = {
    "reference": (0, 1, matching(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")),
    "type": (0, 1, URI),
    "identifier": (0, 1, IDENTIFIER),
    "display": (0, 1, string),
}
CONCEPT = {"coding": (0, None, coding), "text": (0, 1, string)}
AUDIT_EVENT: dict[str, Any] = {
    "resourceType": (1, 1, lambda value: value == "AuditEvent"),
    "id": (0, 1, matching(r"[A-Za-z0-9.-]{1,64}")),
    "meta": (0, 1, {"security": (0, None, coding)}),
    "type": (1, 1, coding),
    "subtype": (0, None, coding),
    "action": (0, 1, lambda value: value in list("CRUDE")),
    "recorded": (1, 1, INSTANT),
    "outcome": (0, 1, lambda value: value in ("0", "4", "8", "12")),
    "outcomeDesc": (0, 1, string),
    "purposeOfEvent": (0, None, CONCEPT),
    "agent": (1, None, {
        "type": (0, 1, CONCEPT),
        "who": (0, 1, REFERENCE),
        "altId": (0, 1, string),
        "name": (0, 1, string),
        "requestor": (1, 1, lambda value: isinstance(value, bool)),
        "network": (0, 1, {"address": (0, 1, string), "type": (0, 1, lambda value: value in list("12345"))}),
    }),
    "source": (1, 1, {"site": (0, 1, string), "observer": (1, 1, REFERENCE), "type": (0, None, coding)}),
    "entity": (0, None, {
        "what": (0, 1, REFERENCE),
        "type": (0, 1, coding),
        "role": (0, 1, coding),
        "name": (0, 1, string),
        "description": (0, 1, string),
        "detail": (0, None, {"type": (1, 1, string), "valueString": (1, 1, string)}),
    }),
}  # fmt: skip
"""Element -> (at least, at most or None, its type or its own elements); at most None means that it is an array."""


def violations(value: Any, structure: dict[str, Any] = AUDIT_EVENT, path: str = "AuditEvent") -> Iterator[str]:
    """What is wrong with an object, each with its path."""
    if not isinstance(value, dict) or not value:
        yield f"{path} is no object, or an empty one"
        return
    yield from (f"{path}.{name} is not in R4" for name in value.keys() - structure.keys())
    for name, (least, most, kind) in structure.items():
        here = f"{path}.{name}"
        if name not in value:
            if least:
                yield f"{here} is missing"
        elif (most is None) != isinstance(value[name], list) or value[name] == []:
            yield f"{here} has the wrong number"
        else:
            for each in value[name] if most is None else [value[name]]:
                if isinstance(kind, dict):
                    yield from violations(each, kind, here)
                elif not kind(each):
                    yield f"{here} has a value that R4 does not allow"
