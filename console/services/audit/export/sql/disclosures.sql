-- The disclosures of one window, in the order in which they happened, as events.sql has events.
select u.username::text as username,
       /* include columns */,
       /* include purpose */
  /* include window */
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
