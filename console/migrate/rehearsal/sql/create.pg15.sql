-- The same (see create.sql) where ICU may sort.
select concat('create database ', quote_ident(%(name)s), ' template template0 encoding ',
              quote_literal(pg_encoding_to_char(d.encoding)), ' lc_collate ', quote_literal(d.datcollate), ' lc_ctype ',
              quote_literal(d.datctype),
              case when d.datlocprovider = 'i' then ' locale_provider icu icu_locale ' || quote_literal(d.daticulocale)
              end) as statement
  from pg_database d
 where d.datname = current_database() and not exists (select from pg_database where datname = %(name)s)
