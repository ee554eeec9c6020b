-- What a stranger has put where it is found before PostgreSQL's own, asked before anything else is: our own questions may
-- be answered by it, too. Types and schemas are written out here, so that nothing of his fits better.
with recursive /* include trusted */
), /* include shadow */
)
select /* include shadows_told */
