-- The signatures of one table's seals.
select number, public_key, signature from emr_console.seal_signature where table_name = %(table)s
