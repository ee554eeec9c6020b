-- Whether anybody's rows are there already: synthetic patients must not end up among real ones by mistake.
SELECT
    EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM departments) OR EXISTS (SELECT FROM patients)
        OR EXISTS (SELECT FROM tasks) OR EXISTS (SELECT FROM audit_logs) AS filled
