-- Findings as rows of a table for print, in the order of `printed` in formats.py.
select '<tr><td>' || e.id || '</td><td>' || e.level || '</td><td>' || e.rule || '</td><td>'
       || coalesce(mask.html(e.username), e.user_id::text, 'many') || '</td><td>' || coalesce(mask.html(e.patient), '')
       || '</td><td>' || left(e.first_at, 19) || '</td><td>' || e.events || '</td><td>' || e.evidence || '</td><td>'
       || coalesce(e.disposition, 'open') || '</td><td>'
       || coalesce(mask.html(e.decided_by) || ', ' || left(e.decided_at, 10) || ': ' || mask.html(e.because), '')
       || '</td></tr>'
  from e
