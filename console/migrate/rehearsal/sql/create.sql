-- The statement that makes an empty database like this one; no row where the name is taken. CREATE DATABASE takes no
-- parameters, so the server quotes for us.
select concat('create database ', quote_ident(%(name)s), ' template template0 encoding ',
              quote_literal(pg_encoding_to_char(d.encoding)), ' lc_collate ', quote_literal(d.datcollate), ' lc_ctype ',
              quote_literal(d.datctype)) as statement
  from pg_database d
 where d.datname = current_database() and not exists (select from pg_database where datname = %(name)s)
