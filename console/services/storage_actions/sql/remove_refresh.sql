-- Takes the policy away that refreshes a continuous aggregate.
select "{schema}".remove_continuous_aggregate_policy(
    %(view)s::regclass, if_exists => true)
