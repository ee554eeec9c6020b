"""Seals that are signed, ledgers from before signatures, and what a seal says of one row."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.db.database import Database
from console.services.audit.export.signing import SigningKey
from console.services.audit.sealing import service
from console.services.audit.sealing.row import state
from tests.migrate.working import ask
from tests.services.audit.logging import event, write
from tests.services.audit.test_sealing import DAY, TODAY, acting, by_force, fill, sealed, verified
from tests.targets import target

KEY, OTHER_KEY = (SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)) for n in (1, 2))


async def test_signed_from_some_day_on(pg18_migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals from before the key stay what they are; from then on a signature that is wrong or gone is found."""
    fill(pg18_migrated)
    with monkeypatch.context() as earlier:
        earlier.setattr(service, "OPEN", 6 * DAY)
        await sealed(pg18_migrated)
    assert [(each.signed, each.keys) for each in (await verified(pg18_migrated)).chains] == [(0, []), (0, [])]
    async with acting(pg18_migrated) as session:
        done, _ = await service.seal(session, KEY)
    assert [(each.days, each.public_key) for each in done] == [(4, KEY.public)] * 2
    for expected in (None, KEY.public):
        result = await verified(pg18_migrated, expected)
        assert result.findings == []
        assert [(each.signed, each.keys, each.signed_through) for each in result.chains] == [
            (4, [KEY.public], (TODAY - 3 * DAY).date())
        ] * 2
    others = await verified(pg18_migrated, OTHER_KEY.public)
    assert [finding.state for finding in others.findings] == ["signature"] * 8
    assert "another key than the configured one" in others.findings[0].sentence
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(pg18_migrated, "delete from emr_console.seal_signature")
    by_force(
        pg18_migrated,
        "update emr_console.seal_signature set signature = repeat('0', 128) where number = 8",
        "delete from emr_console.seal_signature where number = 10",
    )
    result = await verified(pg18_migrated, KEY.public)
    assert [(f.table, f.state, f.sentence.partition(", of ")[0]) for f in result.findings] == [
        (table, "signature", f"Seal {number} of {table}") for table in service.COLUMNS for number in (8, 10)
    ]
    assert not result.intact
    by_force(pg18_migrated, "delete from emr_console.seal_signature")
    assert {f.state for f in (await verified(pg18_migrated)).findings} == {"signature"}  # the event tells of it


async def test_a_ledger_from_before_signatures(pg18_migrated: str) -> None:
    fill(pg18_migrated)
    await sealed(pg18_migrated)
    ask(pg18_migrated, "drop table emr_console.seal_signature")
    assert (await verified(pg18_migrated)).findings == []


async def test_the_seal_of_one_row(pg18_migrated: str) -> None:
    fill(pg18_migrated)
    day = f"{TODAY - 5 * DAY:%Y-%m-%d}"
    spot = f"created_at >= '{day}' order by created_at"
    ((row, at), (other, later)) = ask(pg18_migrated, f"select id, created_at from audit_logs where {spot} limit 2")
    ((new, today),) = ask(pg18_migrated, "select id, created_at from audit_logs order by created_at desc limit 1")
    async with Database(target(pg18_migrated)) as db:
        assert await state(db, row, at) == "not yet sealed, though its day could be"
        await sealed(pg18_migrated)
        proven = f"sealed {datetime.now(UTC):%Y-%m-%d}, proven"
        assert await state(db, row, at) == proven
        assert await state(db, new, today) == "not yet sealed: its day is not over for 48 hours"
        write(pg18_migrated, [event(at, id=UUID(int=901))])
        assert (await state(db, UUID(int=901), at)).endswith("written later, or changed")
        assert await state(db, row, at) == proven
        by_force(pg18_migrated, f"update audit_logs set user_agent = 'x' where id = '{row}'")
        assert (await state(db, row, at)).endswith("written later, or changed")
        assert (await state(db, other, later)).startswith("does not match its seal: its day is not what was sealed")
