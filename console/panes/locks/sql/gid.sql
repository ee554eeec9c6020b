-- The whole name of one prepared transaction, for the statement that ends it; asked when a person opens its page.
select gid from pg_prepared_xacts where transaction::text::bigint = -%(id)s
