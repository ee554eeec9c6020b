-- Change one certain task of the department: whoever comes second waits until the first has committed.
UPDATE tasks AS t
SET version = t.version + 1, description = 'Call the family of Test Patient at +1 202 555 0142', updated_at = now()
WHERE t.id = (SELECT s.id FROM tasks AS s ORDER BY s.id OFFSET %(place)s LIMIT 1)
