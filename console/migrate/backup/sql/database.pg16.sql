-- The same (see database.sql) where ICU may have rules of its own.
select /* include made */
       || case datlocprovider when 'i' then format(' locale_provider icu icu_locale %%L', daticulocale) else '' end
       || case when daticurules is null then '' else format(' icu_rules %%L', daticurules) end
           as options,
       /* include database */
