"""Patients of a made-up hospital, some with hostile names, and the roles that look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

from tests.migrate.working import ask
from tests.services.audit.logging import ANA, BEN, users

ZOE, ANN, DEE, ESC, QUOTED, CIPHER = (UUID(int=n) for n in range(201, 207))
WARD, LAB = UUID(int=301), UUID(int=302)
CIPHERTEXT = "dGhpcyBpcyBub3QgYSBuYW1lIGJ1dCBjaXBoZXJ0ZXh0IQ=="

PATIENTS = (
    (ZOE, "TEST-000123", "Zoë", "Testson", "1980-02-03", "EPIC", "TP0000626", "+1 217 555 0145", "zoe@example.org"),
    (ANN, "TEST-000124", "Ann", "Testson", "1980-02-03", "CERNER", "TP0000626", None, None),
    (DEE, "TEST-000125", "dee", "McTESTley", "1991-07-01", "EPIC", "TP0000627", None, None),
    (ESC, "TEST-'1%_", "\x1b[31mRed", "\x1b]52;c;Zm9v\x07Sampleton", "1970-01-01", "EPIC", "TP'%", None, None),
    (QUOTED, "TEST-000127", "Jo", "O'%_\"Draftov", "1970-01-02", "EPIC", "TP0000629", None, None),
)
"""Of two the id is the same, in two EMRs."""

HIDDEN = (
    "TEST-000123", "TP0000626", "Zoë", "Testson", "555 0145", "zoe@example.org", "1980-02-03", "Sampleton", "Draftov",
    "McTESTley",
)  # fmt: skip
"""What nobody sees before a REVEAL."""


def admit(dsn: str) -> None:
    """Everybody is there; Ana works on the ward and has a task about Zoë, Ben works in the lab."""
    users(dsn, ana=ANA, ben=BEN)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.cursor().executemany(
            "insert into patients (id, mrn, first_name, last_name, date_of_birth, emr_system, emr_patient_id, phone,"
            " email) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            PATIENTS,
        )
        for department, name, user in ((WARD, "Ward 3", ANA), (LAB, "Lab", BEN)):
            connection.execute("insert into departments (id, name, code) values (%s, %s, %s)", (department, name, name))
            connection.execute("update users set department_id = %s where id = %s", (department, user))
        task = (
            "insert into tasks (title, created_by, department_id, emr_system, patient_id, emr_data, patient_uuid,"
            " status, due_date) values ('t', %s, %s, 'EPIC', 'TP0000626', '{}', %s, %s, '2020-01-01')"
        )
        connection.execute(task, (ANA, WARD, ZOE, "TO_DO"))
        connection.execute(task, (ANA, WARD, ZOE, "COMPLETED"))
        connection.execute(task, (ANA, WARD, None, "BLOCKED"))


def encrypt(dsn: str) -> None:
    """From now on the application keeps ciphertext in place of every name."""
    ask(dsn, f"update patients set first_name = '{CIPHERTEXT}', last_name = '{CIPHERTEXT}'")


@contextmanager
def role(dsn: str, name: str, *, may: str = "") -> Iterator[str]:
    """A role that may sign in, gone at the end; `may` is more that is said of it."""
    ask(dsn, f"drop role if exists {name}; create role {name} login password 'x'; {may}")
    try:
        yield name
    finally:
        ask(dsn, f"drop owned by {name}; drop role {name}")


def events(dsn: str) -> list[tuple[Any, ...]]:
    """What was written down of the console, in its order."""
    return ask(dsn, "select action, entity_id, metadata from audit_logs where user_agent like 'emr-console/%'"
                    " order by created_at, id")  # fmt: skip
