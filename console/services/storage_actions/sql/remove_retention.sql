-- Takes the policy away that drops chunks.
select "{schema}".remove_retention_policy(
    %(table)s::regclass, if_exists => true)
