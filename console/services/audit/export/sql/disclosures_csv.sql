-- Disclosures as lines of CSV, in the order of their columns in formats.py.
select e.id, e.at, mask.cell(e.recipient), mask.cell(d.what), mask.cell(e.purpose), d.accounting, e.system,
       mask.cell(e.patient), e.user_id, mask.cell(e.username), mask.cell(e.ip), e.session_id, e.request_id
  from e
 cross join lateral (select
       lower(e.action) || ' of ' || lower(e.entity_type)
       || coalesce(', as ' || (e.metadata ->> 'format'), '')
       || coalesce(', records: ' || (e.metadata ->> 'record_count'), ', records: not recorded') as what,
       case when e.code in ('treatment', 'payment', 'operations', 'patient-request')
            then 'may be left out: ' || e.code
            else coalesce('to be accounted for: ' || e.code, 'not recorded') end as accounting) d
