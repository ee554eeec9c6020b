-- From here to the end of the transaction the server takes us for the services of the platform, at work for a user. The
-- same as SET LOCAL, which takes no parameters.
select set_config('role', %(role)s, true) as role, set_config('app.current_user_id', %(user_id)s, true) as user_id
