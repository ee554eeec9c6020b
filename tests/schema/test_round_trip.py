"""Every migration up, down and up again, empty and filled: the same schema to the last name, and every audit row."""

import psycopg
import pytest

from tests.migrate.servers import on_both
from tests.schema.ladder import AUDIT, VERSIONS, Ladder


def climb(ladder: Ladder, *versions: str) -> None:
    for version in versions:
        ladder.up(version)
        ladder.fill(version)


@on_both
def test_up_down_up_empty(ladder: Ladder) -> None:
    before = ladder.fingerprint()
    for version in VERSIONS:
        ladder.up(version)
        after = ladder.fingerprint()
        ladder.down(version)
        assert ladder.fingerprint() == before
        ladder.up(version)
        assert ladder.fingerprint() == after
        before = after


@on_both
def test_up_down_up_filled(ladder: Ladder) -> None:
    before = ladder.fingerprint()
    for version in VERSIONS:
        climb(ladder, version)
        after, rows = ladder.fingerprint(), audited(ladder)
        ladder.down(version)
        assert ladder.fingerprint() == before
        ladder.up(version)
        assert ladder.fingerprint() == after
        assert audited(ladder) == rows
        assert ladder.backups() == []
        if version in ("001", "004"):  # their rows went with their tables
            ladder.fill(version)
        before = after


NAMED = "action, entity_type, entity_id, user_id, changes, request_id"
"""What an audit row must have."""


def audited(ladder: Ladder) -> list[object]:
    """What the audit tables hold, from 002 on."""
    return [*ladder.content(*AUDIT)] if ladder.value("select to_regclass('audit_logs') is not null") else []


@on_both
def test_all_the_way_down_and_up_brings_every_audit_row_back(ladder: Ladder) -> None:
    """What a rollback keeps until then is as append-only as what it was made from, and has what others added to it."""
    climb(ladder, *VERSIONS[:2])
    ladder.run("alter table audit_logs add column site text, add column sent json")
    ladder.run(f"insert into audit_logs (site, sent, {NAMED}) select 'north', '{{}}', {NAMED} from audit_logs limit 3")
    climb(ladder, *VERSIONS[2:])
    schema, rows = ladder.fingerprint(), ladder.content(*AUDIT)
    ladder.down(*reversed(VERSIONS))
    assert ladder.fingerprint() == []
    assert len(ladder.backups()) == 2
    for backup in ladder.backups():
        for statement in (f"delete from {backup}", f"truncate {backup}", f"update {backup} set id = id"):
            with pytest.raises(Exception, match="append-only"):
                ladder.run(statement)
    assert ladder.content(*reversed(ladder.backups())) == rows
    ladder.up(*VERSIONS)
    assert ladder.fingerprint() == schema
    assert ladder.content(*AUDIT) == rows
    assert ladder.backups() == []
    assert [ladder.broken(version) for version in VERSIONS] == [[]] * 5


def test_a_backup_that_differs_is_kept(ladder: Ladder) -> None:
    climb(ladder, "001", "002")
    ladder.down("002")
    (logs,) = [name for name in ladder.backups() if name.startswith("audit_logs")]
    twin = f"{logs[:-14]}20200101000000"
    ladder.run(f"create table {twin} as table {logs}")
    ladder.run(f"alter table {twin} add column site text; alter table {twin} drop column ip_address")
    ladder.run(f"alter table {twin} alter column emr_system type varchar(20)")
    with pytest.raises(psycopg.DatabaseError, match=r"column emr_system of .* is character varying") as said:
        ladder.up("002")
    assert (said.value.sqlstate, "ALTER COLUMN" in (said.value.diag.message_hint or "")) == ("EM001", True)
    ladder.run(f"alter table {twin} alter column emr_system type text")
    ladder.run(f"update {twin} set user_agent = 'changed by hand' where action = 'EXPORT'")
    ladder.up("002")
    assert ladder.backups() == [logs]
    assert ladder.value("select count(*) from audit_logs where site is null") > 0
    assert ladder.value(f"select count(*) from {logs}") == ladder.value("select count(*) from audit_logs")
