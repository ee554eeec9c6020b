-- The same (see database.sql) where a database may sort by ICU.
select /* include made */
       || case datlocprovider when 'i' then format(' locale_provider icu icu_locale %%L', daticulocale) else '' end
           as options,
       /* include database */
