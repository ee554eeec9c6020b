-- Disclosures as rows of a table for print, in the order of `printed` in formats.py.
select '<tr><td>' || left(e.at, 19) || '</td><td>' || mask.html(e.recipient) || '</td><td>' || mask.html(d.what)
       || '</td><td>' || mask.html(e.purpose) || '</td><td>' || d.accounting || '</td><td>'
       || coalesce(mask.html(e.username), e.user_id::text) || '</td><td>' || coalesce(mask.html(e.patient), '')
       || '</td><td>' || e.request_id || '</td></tr>'
  from e
 cross join lateral (select
       lower(e.action) || ' of ' || lower(e.entity_type)
       || coalesce(', as ' || (e.metadata ->> 'format'), '')
       || coalesce(', records: ' || (e.metadata ->> 'record_count'), ', records: not recorded') as what,
       case when e.code in ('treatment', 'payment', 'operations', 'patient-request')
            then 'may be left out: ' || e.code
            else coalesce('to be accounted for: ' || e.code, 'not recorded') end as accounting) d
