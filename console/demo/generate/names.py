"""Names that nobody bears, and addresses that belong to nobody."""

GIVEN = (
    "Ana", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grete", "Hugo", "Ines", "José", "Katja", "Łukasz", "Mei", "Nils",
    "Olga", "Paulo", "Quinn", "Rosa", "Søren", "Tariq", "Uma", "Vera", "Wout", "Ximena", "Yusuf", "Zoë",
)  # fmt: skip
"""Given names of many places."""

STEMS = ("Test", "Sample", "Demo", "Mock", "Dummy", "Proto", "Trial", "Model", "Probe", "Draft", "Blank", "Pattern")
ENDINGS = ("son", "mann", "ford", "ley", "berg", "well", "ton", "field", "ov", "ez", "ini", "sen", "ström", "ić")

FAMILY = tuple(stem + ending for ending in ENDINGS for stem in STEMS)
"""Family names whose first half says that they are made up."""

WARDS = (
    "Emergency", "Intensive Care", "Cardiology", "Surgery", "Paediatrics", "Neurology", "Oncology", "Maternity",
    "Orthopaedics", "Psychiatry", "Urology", "Dermatology", "Ophthalmology", "Geriatrics", "Nephrology", "Pulmonology",
    "Radiology", "Gastroenterology", "Haematology", "Rheumatology", "Endocrinology", "Infectious Diseases",
    "Neonatology", "Palliative Care", "Rehabilitation",
)  # fmt: skip
"""Departments; more of them are numbered."""

ROLES = ("NURSE", "DOCTOR", "SUPERVISOR", "ADMIN", "NURSE", "NURSE", "DOCTOR", "NURSE", "NURSE", "NURSE")
"""What ten people of a department are."""

SYSTEMS = ("EPIC", "CERNER", "EPIC", "GENERIC_FHIR", "CERNER", "EPIC")
"""Which EMR a patient comes from."""

TITLES = (
    "Vital signs", "Medication round", "Wound dressing", "Blood sample", "Fall risk assessment", "Discharge letter",
    "IV line check", "Pain assessment", "Nutrition plan", "Physiotherapy", "Consent form", "Imaging request",
)  # fmt: skip
"""What a task is about."""

TERMINALS = ("EMR-Ward/5.2 (terminal)", "EMR-Ward/5.1 (terminal)", "EMR-Tablet/3.9", "EMR-Web/7.0 (browser)")
"""What signs in."""


def ward(number: int) -> str:
    """The name of the department with this number, from 0.

    >>> ward(1), ward(26)
    ('Intensive Care', 'Intensive Care 2')
    """
    turn, place = divmod(number, len(WARDS))
    return WARDS[place] if turn == 0 else f"{WARDS[place]} {turn + 1}"


def username(given: str, family: str, number: int) -> str:
    """A user's name in plain letters, unlike any other.

    >>> username("José", "Testström", 7)
    'jose.teststrom7'
    """
    plain = f"{given}.{family}".lower().translate(str.maketrans("éłøëöć", "eleeoc"))
    return f"{plain}{number}"


def phone(number: int) -> str:
    """A number of the range that is reserved for fiction.

    >>> phone(123)
    '+1 203 555 0123'
    """
    return f"+1 {202 + number // 100 % 700} 555 01{number % 100:02d}"
