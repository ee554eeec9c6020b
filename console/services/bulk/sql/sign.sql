-- Who does this and which deed it belongs to, for the audit rows that triggers write in this transaction.
select set_config('app.request_id', %(deed)s, true),
       set_config('app.current_user_id',
                  coalesce((select u.id from users u where u.username = %(operator)s), %(stranger)s::uuid)::text, true)
