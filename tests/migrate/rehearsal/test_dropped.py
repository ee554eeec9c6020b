"""What a rehearsal says a rollback drops is what the server itself reports when it is really run."""

from console.migrate.selection import Back
from tests.migrate.rehearsal.staging import OWN, rehearse_down
from tests.migrate.working import ask, go_down

SPY = """
create schema spy;
create table spy.dropped (kind text, identity text);
create function spy.note() returns event_trigger language plpgsql as $$
begin
    insert into spy.dropped select object_type, object_identity from pg_event_trigger_dropped_objects();
end $$;
create event trigger spy on sql_drop execute function spy.note();
"""
GONE = """  -- without partitions, TOAST, and what had got another name just before
select distinct d.kind || ' ' || split_part(d.identity, '(', 1) from spy.dropped d
 where d.identity not like '%[]' and d.identity !~ '_(p[0-9]{8}|default)(_|$)|_old$|^pg_toast'
   and case d.kind when 'function' then to_regprocedure(d.identity) is null
                   when 'type' then to_regtype(d.identity) is null
                                    and d.identity not in (select identity from spy.dropped where kind <> 'type')
                   else to_regclass(d.identity) is null end
   and d.kind in ('table', 'view', 'materialized view', 'function', 'type', 'index')
"""
KINDS = ("table ", "view ", "materialized view ", "function ", "type ", "index ")


async def test_announced_and_reported_are_equal(pg18_migrated: str) -> None:
    said: list[str] = []
    rows = await rehearse_down(pg18_migrated, OWN, back=Back(all=True), said=said)
    assert [(row.version, row.exact) for row in rows] == [
        (version, True) for version in ("005", "004", "003", "002", "001")
    ]
    assert "table public.patients" in rows[1].effect.removed
    assert len(said) == 1
    ask(pg18_migrated, SPY)
    for row in rows:
        ask(pg18_migrated, "truncate spy.dropped")
        assert (await go_down(pg18_migrated, OWN)).done == [row.version]
        announced = {name.partition("(")[0] for name in row.effect.removed if name.startswith(KINDS)}
        assert {name for (name,) in ask(pg18_migrated, GONE)} == announced
