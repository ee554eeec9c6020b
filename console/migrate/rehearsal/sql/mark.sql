-- The statement that says whose a scratch database is; left_behind.sql reads it.
select concat('comment on database ', quote_ident(%(name)s), ' is ',
              quote_literal(concat('emr-console rehearsal, backend ', %(pid)s::int, ' of ',
                                   %(backend_start)s::timestamptz))) as statement
