-- The same (see database.sql) where PostgreSQL brings a locale provider of its own.
select /* include made */
       || case datlocprovider
              when 'i' then format(' locale_provider icu icu_locale %%L', datlocale)
              when 'b' then format(' locale_provider builtin builtin_locale %%L', datlocale)
              else ''
          end
       || case when daticurules is null then '' else format(' icu_rules %%L', daticurules) end
           as options,
       /* include database */
