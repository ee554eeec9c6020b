-- Disclosures as rows of a table for print, in the order of `printed` in formats.py.
select '<tr><td>' || left(e.at, 19) || '</td><td>' || mask.html(e.recipient) || '</td><td>' || mask.html(d.what)
       || '</td><td>' || mask.html(e.purpose) || '</td><td>' || d.accounting || '</td><td>'
       || coalesce(mask.html(e.username), e.user_id::text) || '</td><td>' || coalesce(mask.html(e.patient), '')
       || '</td><td>' || e.request_id || '</td></tr>'
  /* include disclosure */
