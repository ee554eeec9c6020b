"""Half a year of a small made-up hospital, and what must be found nowhere of its patients."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.db.session import Session
from console.demo.generate import moments, service
from console.demo.server import Cluster
from tests.fixtures.databases import fresh, template
from tests.fixtures.running import complete
from tests.migrate.working import ask
from tests.services.audit.logging import event, write
from tests.targets import target

PERSONAL = "first_name, last_name, mrn, phone, email, emr_patient_id, date_of_birth::text"
LATELY = """select username from users u join audit_logs a on a.user_id = u.id
             where a.created_at > now() - interval '20 days' order by a.created_at desc limit 1"""
"""Somebody who has done something lately."""
WORD = re.compile(r"\w+")
"""What a value is made of, wherever it stands."""

SESSION, REQUEST = UUID(int=5), UUID(int=6)


@contextmanager
def hospital_of(pg18: Cluster) -> Iterator[str]:
    """The hospital, with two events whose every field holds a patient's data; one of them calls itself ours."""
    with fresh(pg18, template(pg18)) as dsn, pytest.MonkeyPatch.context() as patch:
        patch.setattr(moments, "SPAN", 182 * moments.DAY)
        complete(_fill(dsn))
        write(dsn, [_careless(dsn), _forged(dsn)])
        yield dsn


async def _fill(dsn: str) -> None:
    where = target(dsn)
    async with await Session.open(where, "test", settings=service.SETTINGS) as session:
        await service.generate(session, where, service.Options(scale=0.0005), lambda _table, _sent: None)


def _careless(dsn: str) -> dict[str, object]:
    """An event of an application that writes a patient's data everywhere."""
    id_, *values = ask(dsn, f"select id, {PERSONAL} from patients order by mrn limit 1")[0]
    told = {"note": values, "reason": f"{values[0]} {values[1]} called", str(values[0]): values[2], "status": values[3]}
    changes = {"last_name": {"from": values[1], "to": values[0]}, "address": told} | told
    return event(
        datetime.now(UTC) - timedelta(seconds=1), action="CONFIG_CHANGE", entity_id=id_, session_id=SESSION,
        request_id=REQUEST, emr_system="EPIC", emr_patient_id=values[5], changes=json.dumps(changes, default=str),
        metadata=json.dumps(told, default=str), ip_address="10.2.3.4",
    )  # fmt: skip


def _forged(dsn: str) -> dict[str, object]:
    """An event of an application that calls itself this console, and puts a patient's data where our own stand."""
    id_, first, last, mrn, phone, *_ = ask(dsn, f"select id, {PERSONAL} from patients order by mrn limit 1")[0]
    told = {
        "operator": last, "host": first, "search": f"patient:{mrn} user:{last} {first} text:{phone}", "since": phone,
        "outcome": last, "sha256": mrn, "reason": f"{first} {last}", "recipient": f"{first} {last}", "purpose": mrn,
    }  # fmt: skip
    return event(
        datetime.now(UTC) - timedelta(seconds=2), action="EXPORT", entity_id=id_, user_agent="emr-console/0.1.0",
        metadata=json.dumps(told),
    )  # fmt: skip


def personal(dsn: str) -> list[str]:
    """What must be read nowhere."""
    return sorted({str(value) for row in ask(dsn, f"select {PERSONAL} from patients") for value in row if value})


def found_in(text: str, values: list[str]) -> list[str]:
    """Those of the values that stand there as words."""
    told = set(WORD.findall(text))
    near = [value for value in values if told.issuperset(WORD.findall(value))]  # all others would only cost time
    words = "|".join(map(re.escape, sorted(near, key=len, reverse=True)))
    return sorted(set(re.findall(rf"(?<![\w.])(?:{words})(?!\w)", text))) if near else []
