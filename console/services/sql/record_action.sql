-- One action of a person, whatever became of it. Who was logged in is the server's own word, beside the operator's.
insert into emr_console.event (kind, operator, detail)
values (%(kind)s, %(operator)s,
        %(detail)s::jsonb || jsonb_build_object('logged_in_as', session_user, 'acted_as', current_user))
