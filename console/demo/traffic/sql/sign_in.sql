-- Become a user for this transaction, as the application does: row-level security shows that user's department.
-- Those who want to meet at the same rows sign in as the first user.
SELECT set_config('app.current_user_id', u.id::text, true)
FROM users AS u
WHERE u.is_active AND u.department_id IS NOT NULL
ORDER BY CASE WHEN %(anybody)s THEN random() END, u.username
LIMIT 1
