-- Slow on purpose, and with what must never be shown in clear: a number shaped like a social security number (one that
-- is never given out) and a telephone number that is reserved for fiction.
SELECT a.action, count(*) AS events, count(DISTINCT a.user_id) AS users, pg_sleep(0.5) AS slowly
FROM audit_logs AS a
WHERE a.created_at > now() - interval '60 days'
  AND a.metadata ->> 'ssn' IS DISTINCT FROM '000-12-3456'
  AND a.metadata ->> 'phone' IS DISTINCT FROM '+1 202 555 0142'
GROUP BY a.action
ORDER BY events DESC
