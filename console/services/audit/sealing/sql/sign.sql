-- The signature of a seal, in the transaction that makes it.
insert into emr_console.seal_signature (table_name, number, public_key, signature)
values (%(table_name)s, %(number)s, %(public_key)s, %(signature)s)
