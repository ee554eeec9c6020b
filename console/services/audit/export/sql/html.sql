-- Events as rows of a table for print, in the order of PRINTED in formats.py.
select '<tr><td>' || left(e.at, 19) || '</td><td>' || coalesce(mask.html(e.username), e.user_id::text) || '</td><td>'
       || e.action || '</td><td>' || mask.html(e.entity_type) || '</td><td>' || e.entity_id || '</td><td>'
       || coalesce(e.system, '') || '</td><td>' || coalesce(mask.html(e.patient), '') || '</td><td>'
       || coalesce(mask.html(e.ip), '') || '</td><td>' || coalesce(e.session_id::text, '') || '</td><td>'
       || e.request_id || '</td></tr>'
  from e
