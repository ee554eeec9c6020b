-- The same (see create.sql) where the server has a way to sort of its own, too.
select concat('create database ', quote_ident(%(name)s), ' template template0 encoding ',
              quote_literal(pg_encoding_to_char(d.encoding)), ' lc_collate ', quote_literal(d.datcollate), ' lc_ctype ',
              quote_literal(d.datctype),
              case d.datlocprovider
                  when 'i' then ' locale_provider icu icu_locale ' || quote_literal(d.datlocale)
                                || coalesce(' icu_rules ' || quote_literal(d.daticurules), '')
                  when 'b' then ' locale_provider builtin builtin_locale ' || quote_literal(d.datlocale)
              end) as statement
  from pg_database d
 where d.datname = current_database() and not exists (select from pg_database where datname = %(name)s)
