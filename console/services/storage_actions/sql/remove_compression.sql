-- Takes the policy away that compresses chunks.
select "{schema}".remove_compression_policy(
    %(table)s::regclass, if_exists => true)
